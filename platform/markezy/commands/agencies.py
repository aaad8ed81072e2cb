"""Which agencies a command is about."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import text

from markezy.accounts import api as accounts
from markezy.kernel.db import Database

_TENANTS = text("SELECT tenant_ids()")


def agencies(database: Database, slug: str | None = None) -> Iterator[tuple[UUID, str]]:
    """Ids and slugs of all agencies, or of the one with this slug."""
    with database.unscoped() as connection:
        tenants = connection.execute(_TENANTS).scalars().all()
    for tenant_id in tenants:
        with database.transaction(tenant_id) as connection:
            found = accounts.tenant(connection, tenant_id).slug
        if slug in (None, found):
            yield tenant_id, found
