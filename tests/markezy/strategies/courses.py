"""Courses that a strategy can take, for tests of what follows from them."""

from dataclasses import replace
from uuid import UUID

from markezy.kernel.db import Database
from markezy.strategies import repository
from markezy.strategies.model import StrategyStatus
from markezy.strategies.production.kept import open_strategy
from markezy.strategies.production.writing import content_of
from markezy.strategies.tables import strategy_composition
from markezy.strategies.versions import releasing
from markezy.strategies.versions import repository as versions
from markezy.strategies.versions.model import Place

from tests.markezy.leads.conversations import Conversation, ReadModel
from tests.markezy.strategies.conftest import Desk
from tests.markezy.strategies.leads_of_tests import ANSWERS

UNFINISHED = "Voici notre plan pour vous : [NOM], à compléter. TODO"


def held(desk: Desk) -> UUID:
    """A strategy that fails with the product's own words, too: they were spoilt on their way here."""
    strategy_id = desk.written()
    with desk.database.transaction(desk.tenant_id) as connection:
        kept = open_strategy(connection, desk.tenant_id, strategy_id)
        section = kept.document.sections[0]
        blocks = (replace(section.blocks[0], text=UNFINISHED), *section.blocks[1:])
        spoilt = replace(kept.document, sections=(replace(section, blocks=blocks), *kept.document.sections[1:]))
        repository.change_strategy(
            connection, desk.tenant_id, kept.strategy, StrategyStatus.GENERATED, **content_of(spoilt, kept.case)
        )
    desk.run("strategies.check", strategy_id=str(strategy_id))
    return strategy_id


def break_templates(desk: Desk) -> None:
    """The agency's figures are such as could be released before they were checked as they are now."""
    place = Place.named("agency", "", "plan")
    source = "facts: {objective: {question: goal, options: {}, default: nothing_known}}"
    with desk.database.transaction(desk.tenant_id) as connection:
        (version_id,) = versions.insert_versions(connection, desk.tenant_id, [(place, 1, source, "staff:ada", "")])
        releasing.publish(connection, desk.tenant_id, place, version_id, "staff:ada")


def break_composition(desk: Desk, strategy_id: UUID) -> None:
    """What the strategy was composed of does not fit each other any more, as after an upgrade that reads layers more strictly."""
    place = Place.named("agency", "", "fr")
    with desk.database.transaction(desk.tenant_id) as connection:
        (version_id,) = versions.insert_versions(
            connection, desk.tenant_id, [(place, 1, "title: '{{ lead.name.upper() }}'", "staff:ada", "")]
        )
        composed = {"tenant_id": desk.tenant_id, "strategy_id": strategy_id, "version_id": version_id}
        connection.execute(strategy_composition.insert(), composed)


def say_otherwise(desk: Desk, relay_database: Database, city: str = "Lyon") -> None:
    """The lead says that they are in another city, after all."""
    conversation = Conversation(desk.database, desk.tenant_id, desk.conversation_id, desk.lead_id)
    said = {**ANSWERS, "city": (city, city)}
    for ordinal, (question, (value, display)) in enumerate(said.items()):
        answer = {
            "question": question,
            "label": question.title(),
            "value": value,
            "display": display,
            "ordinal": ordinal,
        }
        conversation.add("qualification.answer_recorded", answer, "visitor")
    conversation.complete()
    ReadModel(desk.database, relay_database).catch_up()
