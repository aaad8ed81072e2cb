"""All SQL of the CRM domain."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from markezy.crm.tables import crm_connection, crm_sync
from markezy.kernel.clock import now
from markezy.kernel.ids import new_id


@dataclass(frozen=True)
class CrmConnection:
    """A tenant's access to one CRM; `credential` is sealed."""

    id: UUID
    vendor: str
    name: str
    base_url: str
    credential: bytes
    active: bool
    created_at: datetime


@dataclass(frozen=True)
class Sync:
    """How far one strategy has come in one CRM. `status` is `running`, `synced`, `failed`, `erased` with its lead, or `withheld` for
    want of the lead's consent."""

    id: UUID
    connection_id: UUID
    connection_name: str
    vendor: str
    lead_id: UUID
    strategy_id: UUID
    status: str
    contact_id: str | None
    deal_id: str | None
    note_id: str | None
    attempts: int
    last_error: str | None
    updated_at: datetime


def insert_connection(
    connection: Connection,
    tenant_id: UUID,
    connection_id: UUID,
    vendor: str,
    name: str,
    base_url: str,
    credential: bytes,
) -> None:
    values = {
        "tenant_id": tenant_id, "id": connection_id, "vendor": vendor, "name": name, "base_url": base_url,
        "credential": credential,
    }  # fmt: skip
    connection.execute(insert(crm_connection).values(values))


def connections(connection: Connection, tenant_id: UUID) -> list[CrmConnection]:
    """The tenant's connections, oldest first."""
    table = crm_connection.c
    query = (
        select(table.id, table.vendor, table.name, table.base_url, table.credential, table.active, table.created_at)
        .where(table.tenant_id == tenant_id)
        .order_by(table.id)
    )
    return [CrmConnection(*row) for row in connection.execute(query)]


def find_connection(connection: Connection, tenant_id: UUID, connection_id: UUID) -> CrmConnection | None:
    """The tenant's connection of this id; None when there is none."""
    return next((one for one in connections(connection, tenant_id) if one.id == connection_id), None)


def open_sync(connection: Connection, tenant_id: UUID, connection_id: UUID, lead_id: UUID, strategy_id: UUID) -> UUID:
    """The sync of this strategy over this connection, created at the first try; counts the try."""
    statement = (
        insert(crm_sync)
        .values(
            tenant_id=tenant_id, id=new_id(), connection_id=connection_id, lead_id=lead_id, strategy_id=strategy_id,
            status="running", attempts=1,
        )
        .on_conflict_do_update(
            index_elements=["tenant_id", "connection_id", "strategy_id"],
            set_={"attempts": crm_sync.c.attempts + 1, "updated_at": now()},
        )
        .returning(crm_sync.c.id)
    )  # fmt: skip
    sync_id: UUID = connection.execute(statement).scalar_one()
    return sync_id


def withhold(connection: Connection, tenant_id: UUID, lead_id: UUID, strategy_id: UUID) -> None:
    """Note that this strategy is brought into no CRM; what was synced before stays so."""
    for one in connections(connection, tenant_id):
        values = {"connection_id": one.id, "lead_id": lead_id, "strategy_id": strategy_id, "status": "withheld"}
        statement = insert(crm_sync).values(tenant_id=tenant_id, id=new_id(), **values)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant_id", "connection_id", "strategy_id"],
                set_={"status": "withheld", "updated_at": now()},
                where=crm_sync.c.status != "synced",
            )
        )


def change_sync(connection: Connection, tenant_id: UUID, sync_id: UUID, **values: Any) -> None:
    connection.execute(
        update(crm_sync)
        .where(crm_sync.c.tenant_id == tenant_id, crm_sync.c.id == sync_id)
        .values(**values, updated_at=now())
    )


def keep_contact_key(connection: Connection, tenant_id: UUID, sync_id: UUID, box: bytes) -> None:
    """What finds the sync's contact. The row stays as old as it is: whether the sync may be at work is told by that."""
    here = (crm_sync.c.tenant_id == tenant_id, crm_sync.c.id == sync_id)
    connection.execute(update(crm_sync).where(*here).values(contact_key=box))


def contact_keys(connection: Connection, tenant_id: UUID, lead_id: UUID) -> dict[UUID, bytes]:
    """By sync what finds a contact whose id never arrived; kept from the lead's erasure until the CRM has answered."""
    query = select(crm_sync.c.id, crm_sync.c.contact_key).where(
        crm_sync.c.tenant_id == tenant_id, crm_sync.c.lead_id == lead_id, crm_sync.c.contact_key.is_not(None)
    )
    return dict(connection.execute(query).tuples().all())


def sync(connection: Connection, tenant_id: UUID, sync_id: UUID) -> Sync:
    return Sync(*connection.execute(_syncs(tenant_id).where(crm_sync.c.id == sync_id)).one())


def syncs(connection: Connection, tenant_id: UUID, lead_id: UUID | None, before: UUID | None, limit: int) -> list[Sync]:
    """Newest first; of one lead, or of all."""
    query = _syncs(tenant_id).order_by(crm_sync.c.id.desc()).limit(limit)
    if lead_id is not None:
        query = query.where(crm_sync.c.lead_id == lead_id)
    if before is not None:
        query = query.where(crm_sync.c.id < before)
    return [Sync(*row) for row in connection.execute(query)]


def count_syncs_by_status(connection: Connection, tenant_id: UUID) -> dict[str, int]:
    query = select(crm_sync.c.status, func.count()).where(crm_sync.c.tenant_id == tenant_id).group_by(crm_sync.c.status)
    return dict(connection.execute(query))


def _syncs(tenant_id: UUID) -> Any:
    one = crm_sync.c
    return (
        select(
            one.id, one.connection_id, crm_connection.c.name, crm_connection.c.vendor, one.lead_id, one.strategy_id,
            one.status, one.contact_id, one.deal_id, one.note_id, one.attempts, one.last_error, one.updated_at,
        )
        .join(
            crm_connection,
            (crm_connection.c.tenant_id == one.tenant_id) & (crm_connection.c.id == one.connection_id),
        )
        .where(one.tenant_id == tenant_id)
    )  # fmt: skip
