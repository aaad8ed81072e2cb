"""The keys of leads and agencies, fetched, made and destroyed."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from envelope.keys import Keys
from envelope.ring import DATA, INDEX, KeyRing, WrappedLeadKey, WrappedTenantKey
from markezy.kernel.db import ring_of
from markezy.kernel.personal.tables import lead_key, tenant_key

_LEAD_OF_CONVERSATION = text("SELECT lead_id FROM conversation WHERE tenant_id = :tenant_id AND id = :conversation_id")


def keys_of(connection: Connection, tenant_id: UUID, lead_ids: Collection[UUID]) -> dict[UUID, Keys]:
    """The keys of these leads, in a fixed number of queries. An erased lead is left out: one destroyed version is enough to be
    that, so that a box is gone or opens, and never is broken because some version of its key is left."""
    if not lead_ids:
        return {}
    rows = _lead_rows(connection, tenant_id, lead_ids)
    if not rows:
        return {}
    return _opened(ring_of(connection), tenant_id, rows, read_tenant_keys(connection, tenant_id))


def keys_of_one(connection: Connection, tenant_id: UUID, lead_id: UUID) -> Keys | None:
    """The keys of one lead; None once it was erased."""
    return keys_of(connection, tenant_id, (lead_id,)).get(lead_id)


def for_writing(connection: Connection, tenant_id: UUID, lead_ids: Collection[UUID]) -> dict[UUID, Keys]:
    """Like `keys_of`; a lead that never had a key gets one. An erased lead is left out: nothing more is kept of it."""
    if not lead_ids:
        return {}
    known = select(lead_key.c.lead_id).where(lead_key.c.tenant_id == tenant_id, lead_key.c.lead_id.in_(lead_ids))
    missing = set(lead_ids) - set(connection.execute(known).scalars())
    if missing:
        ring, above = ring_of(connection), _latest(read_tenant_keys(connection, tenant_id), DATA)
        new = {lead_id: ring.new_lead_key(str(tenant_id), str(lead_id), 1, above) for lead_id in missing}
        rows = [{"tenant_id": tenant_id, "lead_id": lead_id, **vars(key)} for lead_id, key in new.items()]
        connection.execute(insert(lead_key).on_conflict_do_nothing(), rows)
    return keys_of(connection, tenant_id, lead_ids)


def keys_of_conversation(connection: Connection, tenant_id: UUID, conversation_id: UUID) -> Keys | None:
    """The keys of the lead whose conversation it is; None once they were erased, or when there is no such conversation."""
    place = {"tenant_id": tenant_id, "conversation_id": conversation_id}
    lead_id = connection.execute(_LEAD_OF_CONVERSATION, place).scalar()
    return None if lead_id is None else for_writing(connection, tenant_id, [lead_id]).get(lead_id)


def tenant_keys(connection: Connection, tenant_id: UUID) -> Keys:
    """The keys for what belongs to the agency and to no lead: credentials, second factors, stored answers."""
    rows = read_tenant_keys(connection, tenant_id)
    return ring_of(connection).tenant_keys(str(tenant_id), (row for row in rows if row.purpose == DATA))


def index_key(connection: Connection, tenant_id: UUID) -> bytes:
    """The secret of the agency's blind indexes."""
    return ring_of(connection).index_key(str(tenant_id), _latest(read_tenant_keys(connection, tenant_id), INDEX))


def destroy(connection: Connection, tenant_id: UUID, lead_id: UUID) -> None:
    """End the lead's keys for good: whatever they sealed, wherever it lies, can't be opened any more. Again: nothing happens.

    The caller has the lock of the lead's stream, so that no version is added behind this.
    """
    row = {"tenant_id": tenant_id, "lead_id": lead_id, "version": 1, "tenant_version": 1, "destroyed_at": func.now()}
    connection.execute(insert(lead_key).values(row).on_conflict_do_nothing())
    connection.execute(
        update(lead_key)
        .where(lead_key.c.tenant_id == tenant_id, lead_key.c.lead_id == lead_id, lead_key.c.destroyed_at.is_(None))
        .values(wrapped=None, destroyed_at=func.now())
    )


def context(column: str, tenant_id: UUID, *row: object) -> str:
    """The place a box belongs to: `<table>.<column>`, the tenant and what identifies the row."""
    return "/".join((column, str(tenant_id), *map(str, row)))


def seal(keys: Keys, value: Any, column: str, tenant_id: UUID, *row: object) -> bytes:
    """`value` (JSON) in a box for this place."""
    return keys.seal_json(value, context(column, tenant_id, *row))


def unseal(keys: Keys | None, box: bytes | None, column: str, tenant_id: UUID, *row: object) -> Any:
    """What `seal` sealed at this place; None when there is no box, or nobody can open it any more."""
    return None if keys is None or box is None else keys.open_json(box, context(column, tenant_id, *row))


def read_tenant_keys(connection: Connection, tenant_id: UUID) -> list[WrappedTenantKey]:
    """All the agency's keys, made now if it has none yet."""
    rows = _stored_tenant_keys(connection, tenant_id)
    missing = {DATA, INDEX} - {row.purpose for row in rows}
    if missing:
        ring = ring_of(connection)
        new = [ring.new_tenant_key(str(tenant_id), purpose, 1) for purpose in sorted(missing)]
        connection.execute(
            insert(tenant_key).on_conflict_do_nothing(), [{"tenant_id": tenant_id, **vars(row)} for row in new]
        )
        # Whoever was faster has made the keys that count.
        rows = _stored_tenant_keys(connection, tenant_id)
    return rows


def _stored_tenant_keys(connection: Connection, tenant_id: UUID) -> list[WrappedTenantKey]:
    query = select(tenant_key.c.purpose, tenant_key.c.version, tenant_key.c.master_id, tenant_key.c.wrapped).where(
        tenant_key.c.tenant_id == tenant_id
    )
    return [WrappedTenantKey(*row) for row in connection.execute(query)]


def _lead_rows(
    connection: Connection, tenant_id: UUID, lead_ids: Collection[UUID]
) -> list[tuple[UUID, WrappedLeadKey]]:
    query = select(lead_key.c.lead_id, lead_key.c.version, lead_key.c.tenant_version, lead_key.c.wrapped).where(
        lead_key.c.tenant_id == tenant_id, lead_key.c.lead_id.in_(lead_ids)
    )
    rows = connection.execute(query).tuples().all()
    erased = {row[0] for row in rows if row[3] is None}
    return [(row[0], WrappedLeadKey(*row[1:])) for row in rows if row[0] not in erased]


def _opened(
    ring: KeyRing, tenant_id: UUID, rows: Iterable[tuple[UUID, WrappedLeadKey]], above: Iterable[WrappedTenantKey]
) -> dict[UUID, Keys]:
    over = {row.version: row for row in above if row.purpose == DATA}
    by_lead: dict[UUID, list[tuple[WrappedLeadKey, WrappedTenantKey]]] = {}
    for lead_id, row in rows:
        by_lead.setdefault(lead_id, []).append((row, over[row.tenant_version]))
    return {lead_id: ring.lead_keys(str(tenant_id), str(lead_id), pairs) for lead_id, pairs in by_lead.items()}


def _latest(rows: Iterable[WrappedTenantKey], purpose: str) -> WrappedTenantKey:
    return max((row for row in rows if row.purpose == purpose), key=lambda row: row.version)
