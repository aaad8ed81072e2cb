from uuid import UUID

from markezy.kernel import outbox
from markezy.kernel.db import Database
from markezy.kernel.maintenance import prune_all
from sqlalchemy import text


def test_only_what_was_completed_long_ago_is_removed(database: Database, make_tenant) -> None:
    tenants = [make_tenant(), make_tenant()]
    expected: dict[UUID, set[UUID]] = {}
    for tenant_id in tenants:
        with database.transaction(tenant_id) as connection:
            old, fresh, waiting, dead = (outbox.enqueue(connection, tenant_id, "t", {}, "c") for _ in range(4))
            finish = text("UPDATE outbox SET completed_at = now() - CAST(:age AS interval) WHERE id = :id")
            connection.execute(finish, {"age": "8 days", "id": old})
            connection.execute(finish, {"age": "1 day", "id": fresh})
            connection.execute(
                text("UPDATE outbox SET failed_at = now() - interval '90 days' WHERE id = :id"), {"id": dead}
            )
        expected[tenant_id] = {fresh, waiting, dead}
    prune_all(database)
    for tenant_id in tenants:
        with database.transaction(tenant_id) as connection:
            assert set(connection.execute(text("SELECT id FROM outbox")).scalars()) == expected[tenant_id]
