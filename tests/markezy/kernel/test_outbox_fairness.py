"""One tenant's flood of work, and what the others get of the workers meanwhile."""

from collections.abc import Callable
from uuid import UUID

import pytest
from markezy.kernel import outbox
from markezy.kernel.clock import now
from markezy.kernel.db import Database
from markezy.kernel.limits import give_plan
from sqlalchemy import text

from fairuse.plans import plans

MakeTenant = Callable[..., UUID]
SHARE = outbox.AT_ONCE_PER_WEIGHT * plans().plan(None).weight


@pytest.fixture
def flood(database: Database) -> Callable[[UUID, int], list[UUID]]:
    """Write down work of one tenant, in order."""

    def write(tenant_id: UUID, rows: int) -> list[UUID]:
        with database.transaction(tenant_id) as connection:
            return [outbox.enqueue(connection, tenant_id, "test.work", {"n": n}, "corr") for n in range(rows)]

    return write


def claimed(relay_database: Database, *tenants: UUID, batch: int = 1000) -> list[outbox.OutboxRow]:
    with relay_database.unscoped() as connection:
        return [row for row in outbox.claim_due(connection, batch) if row.tenant_id in tenants]


@pytest.fixture(autouse=True)
def _nothing_left_over(database: Database, relay_database: Database) -> None:
    """Rows of other tests of this process would take places of the batch."""
    with relay_database.unscoped() as connection:
        connection.execute(text("UPDATE outbox SET failed_at = now() WHERE completed_at IS NULL AND failed_at IS NULL"))


def test_a_flood_does_not_push_another_tenants_row_back(
    make_tenant: MakeTenant, relay_database: Database, flood: Callable[[UUID, int], list[UUID]]
) -> None:
    noisy, quiet = make_tenant(), make_tenant()
    flood(noisy, 300)
    (wanted,) = flood(quiet, 1)
    rows = claimed(relay_database, noisy, quiet, batch=10)
    assert wanted in [row.id for row in rows[:2]]


def test_tenants_take_turns(
    make_tenant: MakeTenant, relay_database: Database, flood: Callable[[UUID, int], list[UUID]]
) -> None:
    first, second, third = (make_tenant() for _ in range(3))
    for tenant_id in (first, second, third):
        flood(tenant_id, 5)
    order = [row.tenant_id for row in claimed(relay_database, first, second, third, batch=9)]
    assert all(set(order[turn : turn + 3]) == {first, second, third} for turn in (0, 3, 6))


def test_a_tenant_has_only_so_much_with_celery_and_the_next_when_one_is_done(
    tenant_id: UUID, database: Database, relay_database: Database, flood: Callable[[UUID, int], list[UUID]]
) -> None:
    written = flood(tenant_id, SHARE + 5)
    under_way = claimed(relay_database, tenant_id)
    assert [row.id for row in under_way] == written[:SHARE]
    assert claimed(relay_database, tenant_id) == []
    with database.transaction(tenant_id) as connection:
        outbox.complete(connection, tenant_id, under_way[0].id)
        outbox.complete(connection, tenant_id, under_way[1].id)
    assert [row.id for row in claimed(relay_database, tenant_id)] == written[SHARE : SHARE + 2]


def test_a_failed_attempt_gives_its_place_back(
    tenant_id: UUID, database: Database, relay_database: Database, flood: Callable[[UUID, int], list[UUID]]
) -> None:
    written = flood(tenant_id, SHARE + 1)
    under_way = claimed(relay_database, tenant_id)
    with database.transaction(tenant_id) as connection:
        outbox.note_failure(connection, tenant_id, under_way[0].id, "the mail server is away", final=False)
    assert [row.id for row in claimed(relay_database, tenant_id)] == [written[SHARE]]


def test_lost_rows_are_handed_out_again_though_all_places_are_taken(
    tenant_id: UUID, database: Database, relay_database: Database, flood: Callable[[UUID, int], list[UUID]]
) -> None:
    flood(tenant_id, SHARE)
    lost = {row.id for row in claimed(relay_database, tenant_id)}
    with database.transaction(tenant_id) as connection:
        connection.execute(text("UPDATE outbox SET due_at = now()"))
    assert {row.id for row in claimed(relay_database, tenant_id)} == lost


def test_a_larger_plan_has_more_with_celery(
    tenant_id: UUID, database: Database, relay_database: Database, flood: Callable[[UUID, int], list[UUID]]
) -> None:
    with database.transaction(tenant_id) as connection:
        give_plan(connection, tenant_id, "scale", {})
    flood(tenant_id, 200)
    assert len(claimed(relay_database, tenant_id)) == outbox.AT_ONCE_PER_WEIGHT * plans().plan("scale").weight


def test_a_postponed_row_waits_and_its_attempt_does_not_count(
    tenant_id: UUID, database: Database, relay_database: Database, flood: Callable[[UUID, int], list[UUID]]
) -> None:
    flood(tenant_id, 1)
    (row,) = claimed(relay_database, tenant_id)
    with database.transaction(tenant_id) as connection:
        outbox.postpone(connection, tenant_id, row.id, now().replace(year=2999))
    assert claimed(relay_database, tenant_id) == []
    with database.transaction(tenant_id) as connection:
        connection.execute(text("UPDATE outbox SET due_at = now()"))
    assert [one.attempts for one in claimed(relay_database, tenant_id)] == [1]


def test_two_relays_share_the_work_of_one_tenant_without_overlap(
    tenant_id: UUID, relay_database: Database, flood: Callable[[UUID, int], list[UUID]]
) -> None:
    flood(tenant_id, 6)
    with relay_database.unscoped() as first:
        mine = {row.id for row in outbox.claim_due(first, 3)}
        theirs = {row.id for row in claimed(relay_database, tenant_id)}
    assert len(mine) == 3
    assert mine.isdisjoint(theirs)
