"""All SQL on the addresses that get no mail."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from markezy.kernel.clock import now
from markezy.strategies.tables import mail_suppression


def find(connection: Connection, tenant_id: UUID, address_index: bytes) -> tuple[str, datetime] | None:
    """Why, and since when."""
    query = select(mail_suppression.c.reason, mail_suppression.c.at).where(
        mail_suppression.c.tenant_id == tenant_id, mail_suppression.c.address_index == address_index
    )
    return connection.execute(query).tuples().first()


def counts(connection: Connection, tenant_id: UUID) -> dict[str, int]:
    """How many there are of each reason."""
    query = (
        select(mail_suppression.c.reason, func.count())
        .where(mail_suppression.c.tenant_id == tenant_id)
        .group_by(mail_suppression.c.reason)
    )
    return dict(connection.execute(query).tuples().all())


def put(connection: Connection, tenant_id: UUID, address_index: bytes, reason: str, outweighs: bool) -> bool:
    """False when it is there; with `outweighs`, when it is there for this reason."""
    statement = insert(mail_suppression).values(
        tenant_id=tenant_id, address_index=address_index, reason=reason, at=now()
    )
    key = ["tenant_id", "address_index"]
    if outweighs:
        statement = statement.on_conflict_do_update(
            index_elements=key,
            set_={"reason": reason, "at": statement.excluded.at},
            where=mail_suppression.c.reason != reason,
        )
    else:
        statement = statement.on_conflict_do_nothing(index_elements=key)
    return connection.execute(statement.returning(mail_suppression.c.reason)).first() is not None


def remove(connection: Connection, tenant_id: UUID, address_index: bytes) -> bool:
    """False when it was not there."""
    gone = connection.execute(
        delete(mail_suppression).where(
            mail_suppression.c.tenant_id == tenant_id, mail_suppression.c.address_index == address_index
        )
    )
    return gone.rowcount == 1
