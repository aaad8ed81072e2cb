"""Bookkeeping that has served its purpose is removed, tenant by tenant."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection, delete, text

from markezy.kernel.clock import now
from markezy.kernel.db import Database
from markezy.kernel.http.idempotency import idempotency_key
from markezy.kernel.logging import get_logger
from markezy.kernel.outbox import outbox

log = get_logger(__name__)

KEEP_COMPLETED = timedelta(days=7)
"""Long enough to look into last week's work. Dead letters stay until somebody deals with them."""

KEEP_ANSWERS = timedelta(days=1)
"""A client that repeats a write does so within minutes; the draft standard leaves the time to the server."""

_TENANTS = text("SELECT tenant_ids()")


def prune_all(database: Database) -> None:
    """Prune every tenant; one that fails is logged and does not stop the others."""
    with database.unscoped() as connection:
        tenants = connection.execute(_TENANTS).scalars().all()
    for tenant_id in tenants:
        try:
            with database.transaction(tenant_id) as connection:
                prune(connection, tenant_id)
        except Exception:
            log.exception("maintenance.failed", tenant_id=str(tenant_id))


def prune(connection: Connection, tenant_id: UUID) -> None:
    """Remove completed outbox rows and stored answers that are past their time."""
    connection.execute(
        delete(outbox).where(outbox.c.tenant_id == tenant_id, outbox.c.completed_at < now() - KEEP_COMPLETED)
    )
    connection.execute(
        delete(idempotency_key).where(
            idempotency_key.c.tenant_id == tenant_id, idempotency_key.c.created_at < now() - KEEP_ANSWERS
        )
    )
