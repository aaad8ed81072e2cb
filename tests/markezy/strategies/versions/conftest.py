"""An agency's shelf of versions, and strategies that were made of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from markezy.kernel.db import Database
from markezy.strategies import repository as strategies
from markezy.strategies.model import OutcomeKind, OutcomeSource
from markezy.strategies.outcomes import record_outcome
from markezy.strategies.versions import adding, adopting, releasing, repository, stacks
from markezy.strategies.versions.model import Place, ProductFile, Release, Share, Stack, Version
from markezy.strategies.versions.workshop import WORKSHOP
from sqlalchemy import Connection, event

from tests.markezy.console.rows import add_delivery, add_lead
from tests.markezy.leads.conversations import Conversation

AGENCY_EN = Place.named("agency", "", "en")
BASE_EN = Place.named("base", "", "en")
BASE_PLAN = Place.named("base", "", "plan")
SHOP_EN = Place.named("sector", "ecommerce", "en")
ANYTHING = replace(WORKSHOP, check=lambda _stack, _place: [])
"""For layers too short to make a whole."""


@dataclass
class Shelf:
    """What one agency does with its versions, in one transaction. A source is told by the title it gives."""

    connection: Connection
    tenant_id: UUID

    def add(self, title: str, place: Place = AGENCY_EN) -> Version:
        return adding.add_version(
            self.connection, self.tenant_id, place, f"title: {title}\n", "staff:ada", "new", ANYTHING
        )

    def adopt(self, title: str, *places: Place) -> adopting.Adopted:
        files = [ProductFile(place, f"title: {title}\n") for place in places or (BASE_EN,)]
        return adopting.adopt(self.connection, self.tenant_id, files)

    def publish(self, version: Version | None, place: Place = AGENCY_EN, **more: Any) -> Release:
        id_ = None if version is None else version.id
        return releasing.publish(self.connection, self.tenant_id, place, id_, "staff:ada", **more)

    def publish_new(self, title: str) -> Release:
        return self.publish(self.add(title))

    def try_out(self, *shares: tuple[Version, int]) -> Release:
        named = [Share(version.id, weight) for version, weight in shares]
        return releasing.experiment(self.connection, self.tenant_id, AGENCY_EN, named, "staff:ada")

    def roll_back(self, place: Place = AGENCY_EN, **more: Any) -> Release:
        return releasing.rollback(self.connection, self.tenant_id, place, "staff:ada", **more)

    def newest(self, place: Place) -> Version:
        return repository.newest_versions(self.connection, self.tenant_id, [place])[place]

    def stack(self, lead_id: UUID | None = None, locale: str = "en", sector: str = "ecommerce") -> Stack:
        return stacks.in_force(self.connection, self.tenant_id, sector, locale, lead_id)

    def titles(self, lead_id: UUID | None = None) -> list[str]:
        """What the layers' words in force say, first to last."""
        return [source.removeprefix("title: ").strip() for _, source in self.stack(lead_id).sources("en")]

    def write(self, *versions: Version, delivered: bool = True, outcomes: Any = ()) -> UUID:
        """A lead's strategy made of these versions. An outcome is a kind, or a kind with its amount and currency."""
        lead_id = add_lead(self.connection, self.tenant_id)
        values = {"lead_id": lead_id, "title": "Plan", "locale": "en", "html": "<p>x</p>", "content_hash": b"h"}
        ids = [version.id for version in versions]
        strategy_id = strategies.insert_strategy(self.connection, self.tenant_id, values, ids)
        assert strategy_id is not None
        if delivered:
            add_delivery(self.connection, self.tenant_id, strategy_id, sent_at=datetime.now(UTC))
        for outcome in outcomes:
            kind, amount, currency = outcome if isinstance(outcome, tuple) else (outcome, None, None)
            record_outcome(
                self.connection, self.tenant_id, strategy_id, OutcomeKind(kind), OutcomeSource.STAFF, "c",
                amount=amount, currency=currency,
            )  # fmt: skip
        return strategy_id


@pytest.fixture
def shelf(database: Database, tenant_id: UUID) -> Iterator[Shelf]:
    with database.transaction(tenant_id) as connection:
        yield Shelf(connection, tenant_id)


@pytest.fixture
def lead(database: Database, tenant_id: UUID) -> Conversation:
    return Conversation(database, tenant_id).start()


class Counter:
    """How many statements a connection ran."""

    def __init__(self) -> None:
        self.statements = 0

    def __call__(self, *_arguments: Any) -> None:
        self.statements += 1


@pytest.fixture
def statements(shelf: Shelf) -> Iterator[Counter]:
    """Counts what the shelf's connection asks from now on."""
    counter = Counter()
    event.listen(shelf.connection, "before_cursor_execute", counter)
    yield counter
    event.remove(shelf.connection, "before_cursor_execute", counter)
