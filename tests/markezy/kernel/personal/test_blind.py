"""Leads are found by words that nobody can read in the database."""

from uuid import UUID

from markezy.kernel import personal
from markezy.kernel.db import Database
from markezy.kernel.ids import new_id
from sqlalchemy import text

from tests.markezy.conftest import MakeTenant


def test_a_lead_is_found_by_every_word_without_case_and_accents(database: Database, tenant_id: UUID) -> None:
    baker, florist = new_id(), new_id()
    with database.transaction(tenant_id) as connection:
        personal.index_words(connection, tenant_id, "said", [(baker, "Crème"), (baker, "brûlée"), (florist, "crème")])
    with database.transaction(tenant_id) as connection:
        find = lambda words: personal.leads_with(connection, tenant_id, ["said"], words, 10)  # noqa: E731
        assert find("creme BRULEE!") == [baker]
        assert set(find("crème")) == {baker, florist}
        assert find("crème chocolat") == []
        assert find("…") == []


def test_kinds_are_searched_together_and_kept_apart(database: Database, tenant_id: UUID) -> None:
    lead = new_id()
    with database.transaction(tenant_id) as connection:
        personal.index_words(connection, tenant_id, "contact", [(lead, "Zoé")])
        personal.index_words(connection, tenant_id, "said", [(lead, "bakery")])
        assert personal.leads_with(connection, tenant_id, ["contact", "said"], "zoe bakery", 10) == [lead]
        assert personal.leads_with(connection, tenant_id, ["said"], "zoe", 10) == []


def test_replaced_and_forgotten_words_find_nobody(database: Database, tenant_id: UUID) -> None:
    lead = new_id()
    with database.transaction(tenant_id) as connection:
        personal.index_words(connection, tenant_id, "said", [(lead, "bakery")])
        personal.index_words(connection, tenant_id, "contact", [(lead, "Zoe")])
        personal.replace_words(connection, tenant_id, "contact", [lead], [(lead, "Zora")])
        assert personal.leads_with(connection, tenant_id, ["contact"], "zoe", 10) == []
        assert personal.leads_with(connection, tenant_id, ["contact", "said"], "zora bakery", 10) == [lead]
        personal.forget_words(connection, tenant_id, [lead])
        assert connection.execute(text("SELECT count(*) FROM blind_index")).scalar_one() == 0


def test_no_agency_finds_another_s_lead(database: Database, make_tenant: MakeTenant) -> None:
    mine, theirs, lead = make_tenant(), make_tenant(), new_id()
    with database.transaction(mine) as connection:
        personal.index_words(connection, mine, "said", [(lead, "bakery")])
    with database.transaction(theirs) as connection:
        assert personal.leads_with(connection, theirs, ["said"], "bakery", 10) == []
