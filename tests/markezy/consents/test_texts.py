"""The words leads are asked with get a version where they are published."""

import psycopg
import pytest
from markezy.consents import api
from markezy.flows import api as flows
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.markezy.consents.conftest import World, asking


def test_the_first_words_are_version_1(world: World) -> None:
    assert world.texts() == [("contact", 1, "May we write to you?")]


def test_the_same_words_in_another_version_of_the_flow_stay_the_same_version(world: World) -> None:
    world.publish("May we write to you?", help={"en": "So that we can.", "fr": "Pour cela."})
    assert world.texts() == [("contact", 1, "May we write to you?")]


def test_other_words_are_the_next_version(world: World) -> None:
    world.publish("May we write and call?")
    world.publish("May we write to you?")
    assert [version for _, version, _ in world.texts()] == [3, 2, 1]


def test_each_purpose_has_versions_of_its_own(world: World) -> None:
    world.publish("May we send the newsletter?", purpose="newsletter")
    assert world.texts() == [("contact", 1, "May we write to you?"), ("newsletter", 1, "May we send the newsletter?")]


def test_a_purpose_belongs_to_a_consent_only() -> None:
    definition = asking("x")
    definition["questions"]["goal"]["purpose"] = "contact"
    assert any("only a consent question" in finding.message for finding in flows.check(definition))


@pytest.mark.parametrize(
    "statement", ["UPDATE consent_text SET texts = '{}'", "DELETE FROM consent_text", "DELETE FROM consent_question"]
)
def test_nobody_changes_what_leads_were_asked(world: World, url_of, statement: str) -> None:
    with world.database.transaction(world.tenant_id) as connection, pytest.raises(DBAPIError):
        connection.execute(text(statement))
    with psycopg.connect(url_of("owner")) as owner:
        owner.execute("SELECT set_config('markezy.tenant_id', %s, true)", [str(world.tenant_id)])
        with pytest.raises(psycopg.errors.RestrictViolation):
            owner.execute(statement)


class TestOutdated:
    def renewals(self, world: World, published: flows.FlowVersion, **agreed: int) -> list[tuple[str, int, str]]:
        with world.database.transaction(world.tenant_id) as connection:
            found = api.outdated(connection, world.tenant_id, world.lead.flow_version_id, published.id, agreed)
        return [(one.question, one.version, one.texts["en"]) for one in found]

    def test_nothing_while_the_words_are_the_same(self, world: World) -> None:
        assert self.renewals(world, world.publish("May we write to you?", help={"en": "x", "fr": "x"})) == []

    def test_whoever_agreed_to_older_words_is_asked_again(self, world: World) -> None:
        assert self.renewals(world, world.publish("May we call?")) == [("consent", 2, "May we call?")]

    def test_but_once(self, world: World) -> None:
        assert self.renewals(world, world.publish("May we call?"), consent=2) == []

    def test_words_that_were_taken_back_are_not_asked_with(self, world: World) -> None:
        world.begin(world.publish("May we call?"))
        with world.database.transaction(world.tenant_id) as connection:
            earlier = flows.rollback(connection, world.tenant_id, "shop", None)
        assert self.renewals(world, earlier) == []
