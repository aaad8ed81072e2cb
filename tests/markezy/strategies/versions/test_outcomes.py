"""What became of a strategy is kept once, and told in the lead's stream."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from markezy.kernel import personal
from markezy.kernel.errors import Conflict, Invalid, NotFound
from markezy.kernel.events import Event, read_stream
from markezy.kernel.ids import new_id
from markezy.strategies import api
from markezy.strategies.model import Outcome, OutcomeKind, OutcomeSource
from markezy.strategies.tables import strategy
from sqlalchemy import select, text

from tests.markezy.strategies.versions.conftest import Shelf

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def strategy_id(shelf: Shelf) -> UUID:
    return shelf.write(shelf.add("one"))


def record(shelf: Shelf, strategy_id: UUID, kind: str, **more: Any) -> bool:
    if "amount" in more:
        more["amount"] = Decimal(more["amount"])
    return api.record_outcome(
        shelf.connection, shelf.tenant_id, strategy_id, OutcomeKind(kind), OutcomeSource.CRM, "c", **more
    )


def outcomes(shelf: Shelf, strategy_id: UUID) -> tuple[Outcome, ...]:
    return api.get_strategy(shelf.connection, shelf.tenant_id, strategy_id).outcomes


def events(shelf: Shelf, strategy_id: UUID) -> list[Event]:
    lead_id = shelf.connection.execute(select(strategy.c.lead_id).where(strategy.c.id == strategy_id)).scalar_one()
    return read_stream(shelf.connection, shelf.tenant_id, lead_id)


def test_the_first_time_counts_and_again_changes_nothing(shelf: Shelf, strategy_id: UUID) -> None:
    assert record(shelf, strategy_id, "opened", at=AT)
    assert not record(shelf, strategy_id, "opened")
    assert outcomes(shelf, strategy_id) == (Outcome("opened", AT, "crm"),)
    (told,) = events(shelf, strategy_id)
    assert told.type == "strategy.outcome_recorded"
    assert told.data == {
        "strategy_id": str(strategy_id), "outcome": "opened", "source": "crm", "at": "2026-03-01T09:00:00+00:00",
    }  # fmt: skip


def test_a_deal_has_an_amount_which_may_be_corrected(shelf: Shelf, strategy_id: UUID) -> None:
    assert record(shelf, strategy_id, "won", at=AT)
    assert record(shelf, strategy_id, "won", amount="900.005", currency="EUR")
    assert not record(shelf, strategy_id, "won", amount="900", currency="EUR")
    assert not record(shelf, strategy_id, "won")
    assert outcomes(shelf, strategy_id) == (Outcome("won", AT, "crm", Decimal("900.00"), "EUR"),)
    assert [one.data.get("amount") for one in events(shelf, strategy_id)] == [None, "900.00"]


def test_the_amount_is_sealed_in_the_log(shelf: Shelf, strategy_id: UUID) -> None:
    record(shelf, strategy_id, "won", amount="123456.78", currency="EUR")
    stored = shelf.connection.execute(text("SELECT data::text FROM event WHERE stream_type = 'lead'")).scalars().all()
    assert stored
    assert "123456" not in " ".join(stored)
    assert '"outcome": "won"' in " ".join(stored)


def test_of_won_and_lost_the_one_told_last_stands(shelf: Shelf, strategy_id: UUID) -> None:
    record(shelf, strategy_id, "lost")
    record(shelf, strategy_id, "won", amount="1", currency="USD")
    assert [one.kind for one in outcomes(shelf, strategy_id)] == ["won"]
    assert record(shelf, strategy_id, "lost")
    assert [one.kind for one in outcomes(shelf, strategy_id)] == ["lost"]


@pytest.mark.parametrize(
    "told",
    [
        {"kind": "opened", "amount": "1", "currency": "EUR"},
        {"kind": "won", "amount": "1"},
        {"kind": "won", "currency": "EUR"},
        {"kind": "won", "amount": "-1", "currency": "EUR"},
        {"kind": "won", "amount": "NaN", "currency": "EUR"},
        {"kind": "won", "amount": "1e12", "currency": "EUR"},
        {"kind": "won", "amount": "1", "currency": "eur"},
        {"kind": "lost", "at": datetime(2026, 3, 1)},
        {"kind": "lost", "at": datetime.now(UTC) + timedelta(days=1)},
    ],
)
def test_what_can_not_be_is_refused(shelf: Shelf, strategy_id: UUID, told: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        record(shelf, strategy_id, **told)


def test_nothing_is_told_of_a_strategy_that_is_none_or_of_a_lead_who_was_forgotten(
    shelf: Shelf, strategy_id: UUID
) -> None:
    with pytest.raises(NotFound):
        record(shelf, new_id(), "opened")
    lead_id = shelf.connection.execute(select(strategy.c.lead_id).where(strategy.c.id == strategy_id)).scalar_one()
    personal.destroy(shelf.connection, shelf.tenant_id, lead_id)
    with pytest.raises(Conflict):
        record(shelf, strategy_id, "opened")
