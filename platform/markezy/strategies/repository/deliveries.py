"""All SQL on deliveries."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert

from envelope.keys import Keys
from markezy.kernel import personal
from markezy.kernel.clock import now
from markezy.kernel.ids import new_id
from markezy.strategies.model import Delivery, DeliveryChannel, DeliveryStatus
from markezy.strategies.repository.keys import keys_of_strategy
from markezy.strategies.tables import delivery

_DELIVERY = tuple(delivery.c[one.name] for one in fields(Delivery))
_RECIPIENT = "delivery.recipient"


def claim_delivery(
    connection: Connection, tenant_id: UUID, strategy_id: UUID, channel: str, recipient: str
) -> datetime | None:
    """Note another try to deliver; the time of the first. None when it was delivered already, or the lead was erased."""
    keys = keys_of_strategy(connection, tenant_id, strategy_id)
    if keys is None:
        return None
    box = personal.seal(keys, recipient, _RECIPIENT, tenant_id, strategy_id, channel)
    statement = insert(delivery).values(
        tenant_id=tenant_id, id=new_id(), strategy_id=strategy_id, channel=channel, recipient=box,
        status=DeliveryStatus.PENDING, attempts=1, created_at=now(),
    )  # fmt: skip
    statement = statement.on_conflict_do_update(
        index_elements=["tenant_id", "strategy_id", "channel"],
        set_={"attempts": delivery.c.attempts + 1, "recipient": box, "status": DeliveryStatus.PENDING, "reason": None},
        where=delivery.c.sent_at.is_(None),
    )
    first_tried: datetime | None = connection.execute(statement.returning(delivery.c.created_at)).scalar()
    return first_tried


def note_delivered(connection: Connection, tenant_id: UUID, strategy_id: UUID, channel: str) -> bool:
    """The delivery went out; False when another run noted that before."""
    return _change(
        connection, tenant_id, strategy_id, channel, status=DeliveryStatus.SENT, sent_at=now(), last_error=None
    )


def note_withheld(connection: Connection, tenant_id: UUID, strategy_id: UUID, channel: str, reason: str) -> None:
    """The lead is not to be written to; nothing was sent."""
    _change(connection, tenant_id, strategy_id, channel, status=DeliveryStatus.WITHHELD, reason=reason, last_error=None)


def note_came_back(connection: Connection, tenant_id: UUID, strategy_id: UUID, status: DeliveryStatus) -> bool:
    """The e-mail bounced, or was complained about; False when that was known, or nothing was sent."""
    before = [DeliveryStatus.PENDING, DeliveryStatus.SENT]
    if status is DeliveryStatus.COMPLAINED:
        before.append(DeliveryStatus.BOUNCED)
    changed = connection.execute(
        update(delivery)
        .where(
            delivery.c.tenant_id == tenant_id,
            delivery.c.strategy_id == strategy_id,
            delivery.c.channel == DeliveryChannel.EMAIL,
            delivery.c.status.in_(before),
        )
        .values(status=status)
    )
    return changed.rowcount == 1


def note_trouble(
    connection: Connection, tenant_id: UUID, strategy_id: UUID, channel: str, error: str, final: bool
) -> None:
    """Why the last try failed, without personal data."""
    status = DeliveryStatus.FAILED if final else DeliveryStatus.PENDING
    _change(connection, tenant_id, strategy_id, channel, status=status, last_error=error)


def _change(connection: Connection, tenant_id: UUID, strategy_id: UUID, channel: str, **values: Any) -> bool:
    changed = connection.execute(
        update(delivery)
        .where(
            delivery.c.tenant_id == tenant_id,
            delivery.c.strategy_id == strategy_id,
            delivery.c.channel == channel,
            delivery.c.sent_at.is_(None),
        )
        .values(**values)
    )
    return changed.rowcount == 1


def of_strategies(
    connection: Connection, tenant_id: UUID, strategies: Mapping[UUID, Keys | None]
) -> dict[UUID, list[Delivery]]:
    """By strategy its deliveries, oldest first; `strategies` has the keys to open them with."""
    found: dict[UUID, list[Delivery]] = {strategy_id: [] for strategy_id in strategies}
    query = (
        select(delivery.c.strategy_id, *_DELIVERY)
        .where(delivery.c.tenant_id == tenant_id, delivery.c.strategy_id.in_(strategies))
        .order_by(delivery.c.created_at)
    )
    for row in connection.execute(query).mappings():
        strategy_id, keys = row["strategy_id"], strategies[row["strategy_id"]]
        recipient = personal.unseal(keys, row["recipient"], _RECIPIENT, tenant_id, strategy_id, row["channel"]) or ""
        plain = {column.name: row[column.name] for column in _DELIVERY}
        found[strategy_id].append(Delivery(**{**plain, "recipient": recipient}))
    return found
