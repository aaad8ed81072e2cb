"""One agency that writes all the time, and how long the others' read models wait for it."""

from collections.abc import Callable
from uuid import UUID

from markezy.kernel.db import Database
from markezy.kernel.events import Event, NewEvent, append
from markezy.kernel.ids import new_id
from markezy.kernel.projection import Projector
from sqlalchemy import Connection, event

from tests.markezy.settling import project_all, settle


def put(database: Database, tenant_id: UUID, events: int) -> None:
    with database.transaction(tenant_id) as connection:
        new = [NewEvent("strategy.announced", {}) for _ in range(events)]
        append(connection, tenant_id, "lead", new_id(), 0, new, "c-1")


def test_each_agency_has_one_batch_a_round(
    database: Database, relay_database: Database, make_tenant: Callable[[], UUID]
) -> None:
    tenants = [make_tenant() for _ in range(3)]
    batches: list[tuple[UUID, int]] = []

    def project(_connection: Connection, tenant_id: UUID, events: list[Event]) -> None:
        if tenant_id in tenants:
            batches.append((tenant_id, len(events)))

    projector = Projector(relay_database, database, {"fair-1": project}, batch=2)
    # What earlier tests left is caught up with first: their agencies are no part of this.
    project_all(projector, relay_database)
    for tenant_id, events in zip(tenants, (5, 1, 3), strict=True):
        put(database, tenant_id, events)
    settle(relay_database)
    projector.run_once()
    first, second, third = tenants
    assert batches == [(first, 2), (second, 1), (third, 2)]
    projector.run_once()
    assert batches[3:] == [(first, 2), (third, 1)]
    project_all(projector, relay_database)
    assert batches[5:] == [(first, 1)]


def test_an_agency_that_writes_faster_than_its_batches_keeps_nobody_waiting(
    database: Database, relay_database: Database, make_tenant: Callable[[], UUID]
) -> None:
    busy, quiet = make_tenant(), make_tenant()
    order: list[UUID] = []

    def project(_connection: Connection, tenant_id: UUID, events: list[Event]) -> None:
        order.append(tenant_id)
        if tenant_id == busy and len(order) < 20:
            put(database, busy, 2)

    projector = Projector(relay_database, database, {"fair-2": project}, batch=1)
    put(database, busy, 2)
    put(database, quiet, 1)
    settle(relay_database)
    project_all(projector, relay_database)
    mine = [tenant_id for tenant_id in order if tenant_id in (busy, quiet)]
    assert mine[:2] == [busy, quiet]


def test_a_batch_costs_the_same_however_many_events_it_has(
    database: Database, relay_database: Database, tenant_id: UUID
) -> None:
    statements: list[str] = []
    event.listen(database._engine, "before_cursor_execute", lambda *call: statements.append(call[2]))

    def project(connection: Connection, _tenant_id: UUID, _events: list[Event]) -> None:
        pass

    projector = Projector(relay_database, database, {"fair-3": project})
    project_all(projector, relay_database)
    spent = []
    for events in (1, 50):
        put(database, tenant_id, events)
        settle(relay_database)
        statements.clear()
        projector.run_once()
        spent.append(len(statements))
    assert spent[0] == spent[1]
