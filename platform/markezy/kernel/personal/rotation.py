"""New keys in the place of old ones while everything goes on (docs/decisions/0012-sealing.md).

No box is sealed anew: a key that wraps others is replaced by wrapping them again, a key that seals is followed by another version, and
the old one goes on opening what it sealed. Each function is one transaction's work and can be repeated.
"""

from uuid import UUID

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from envelope.ring import DATA, WrappedLeadKey, WrappedTenantKey
from markezy.kernel.db import ring_of
from markezy.kernel.personal.keys import read_tenant_keys
from markezy.kernel.personal.tables import lead_key, tenant_key


def wrap_by_current_master(connection: Connection, tenant_id: UUID) -> int:
    """Wrap the agency's keys under the current master key; how many were under another one."""
    ring = ring_of(connection)
    changed = 0
    for row in read_tenant_keys(connection, tenant_id):
        new = ring.rewrapped(str(tenant_id), row)
        if new is None:
            continue
        connection.execute(
            update(tenant_key)
            .where(
                tenant_key.c.tenant_id == tenant_id,
                tenant_key.c.purpose == row.purpose,
                tenant_key.c.version == row.version,
            )
            .values(master_id=new.master_id, wrapped=new.wrapped)
        )
        changed += 1
    return changed


def count_by_master(connection: Connection, tenant_id: UUID) -> dict[str, int]:
    """How many of the agency's keys each master key wraps."""
    query = select(tenant_key.c.master_id, func.count()).where(tenant_key.c.tenant_id == tenant_id)
    return {row.master_id: row[1] for row in connection.execute(query.group_by(tenant_key.c.master_id))}


def add_tenant_key(connection: Connection, tenant_id: UUID) -> int:
    """Give the agency another data key, which wraps new leads' keys from now on; its version."""
    latest = _latest(read_tenant_keys(connection, tenant_id))
    new = ring_of(connection).new_tenant_key(str(tenant_id), DATA, latest.version + 1)
    connection.execute(insert(tenant_key).values(tenant_id=tenant_id, **vars(new)).on_conflict_do_nothing())
    return new.version


def wrap_by_latest_tenant_key(connection: Connection, tenant_id: UUID, at_once: int = 500) -> int:
    """Wrap leads' keys under the agency's latest key, `at_once` at most; how many were under an older one."""
    ring, above = ring_of(connection), read_tenant_keys(connection, tenant_id)
    over = {row.version: row for row in above if row.purpose == DATA}
    latest = _latest(above)
    query = (
        select(lead_key.c.lead_id, lead_key.c.version, lead_key.c.tenant_version, lead_key.c.wrapped)
        .where(
            lead_key.c.tenant_id == tenant_id,
            lead_key.c.tenant_version < latest.version,
            lead_key.c.wrapped.is_not(None),
        )
        .limit(at_once)
        # Whoever destroys a key meanwhile is waited for, and a destroyed one is not brought back.
        .with_for_update()
    )
    rows = connection.execute(query).all()
    for lead_id, *columns in rows:
        row = WrappedLeadKey(*columns)
        new = ring.lead_key_rewrapped(str(tenant_id), str(lead_id), row, over[row.tenant_version], latest)
        connection.execute(
            update(lead_key)
            .where(lead_key.c.tenant_id == tenant_id, lead_key.c.lead_id == lead_id, lead_key.c.version == row.version)
            .values(tenant_version=new.tenant_version, wrapped=new.wrapped)
        )
    return len(rows)


def add_lead_key(connection: Connection, tenant_id: UUID, lead_id: UUID) -> int | None:
    """Give the lead another key, which seals from now on; its version, or None for a lead without keys.

    The caller has the lock of the lead's stream (`kernel.events.lock_stream`): an erasure that is not committed yet would not see
    the new version, and leave it.
    """
    mine = (lead_key.c.tenant_id == tenant_id, lead_key.c.lead_id == lead_id)
    latest = select(func.max(lead_key.c.version)).where(*mine)
    version = connection.execute(latest.having(func.bool_and(lead_key.c.wrapped.is_not(None)))).scalar()
    if version is None:
        return None
    above = _latest(read_tenant_keys(connection, tenant_id))
    new = ring_of(connection).new_lead_key(str(tenant_id), str(lead_id), version + 1, above)
    connection.execute(
        insert(lead_key).values(tenant_id=tenant_id, lead_id=lead_id, **vars(new)).on_conflict_do_nothing()
    )
    return new.version


def leads_with_keys(connection: Connection, tenant_id: UUID) -> list[UUID]:
    """All leads of the agency whose keys open."""
    query = (
        select(lead_key.c.lead_id)
        .where(lead_key.c.tenant_id == tenant_id)
        .group_by(lead_key.c.lead_id)
        .having(func.bool_and(lead_key.c.wrapped.is_not(None)))
    )
    return list(connection.execute(query).scalars())


def _latest(rows: list[WrappedTenantKey]) -> WrappedTenantKey:
    return max((row for row in rows if row.purpose == DATA), key=lambda row: row.version)
