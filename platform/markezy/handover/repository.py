"""All SQL of the handover domain."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, delete, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from markezy.handover.model import OPEN, Handover, HandoverSettings, News, Status
from markezy.handover.tables import handover, handover_news, handover_settings
from markezy.kernel import personal
from markezy.kernel.clock import now

_HANDOVER = tuple(handover.c[one.name] for one in fields(Handover))
_NEWS = tuple(handover_news.c[one.name] for one in fields(News))
_SETTINGS = tuple(handover_settings.c[one.name] for one in fields(HandoverSettings))
_MESSAGE = "handover.message"
_DATA = "handover_news.data"
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


def lock_conversation(connection: Connection, conversation_id: UUID) -> None:
    """Nobody else decides on this conversation's handover or adds news until the transaction ends: positions follow commits."""
    connection.execute(_LOCK, {"key": f"handover:{conversation_id}"})


def lock_delivery(connection: Connection, conversation_id: UUID) -> None:
    """Nobody else delivers this conversation's news until the transaction ends; adding some is free."""
    connection.execute(_LOCK, {"key": f"handover_delivery:{conversation_id}"})


def find(connection: Connection, tenant_id: UUID, handover_id: UUID) -> Handover | None:
    query = select(*_HANDOVER).where(handover.c.tenant_id == tenant_id, handover.c.id == handover_id)
    found = _handovers(connection, tenant_id, query)
    return found[0] if found else None


def find_open(connection: Connection, tenant_id: UUID, conversation_id: UUID) -> Handover | None:
    """The conversation's handover that is not closed; there is at most one."""
    query = select(*_HANDOVER).where(
        handover.c.tenant_id == tenant_id,
        handover.c.conversation_id == conversation_id,
        handover.c.status != Status.CLOSED,
    )
    found = _handovers(connection, tenant_id, query)
    return found[0] if found else None


def find_latest(
    connection: Connection, tenant_id: UUID, conversation_id: UUID, before: datetime | None = None
) -> Handover | None:
    """The conversation's handover that was asked for last; with `before`, the last of those asked for before that time."""
    query = (
        select(*_HANDOVER)
        .where(handover.c.tenant_id == tenant_id, handover.c.conversation_id == conversation_id)
        .order_by(handover.c.requested_at.desc(), handover.c.id.desc())
        .limit(1)
    )
    if before is not None:
        query = query.where(handover.c.requested_at < before)
    found = _handovers(connection, tenant_id, query)
    return found[0] if found else None


def all_of(connection: Connection, tenant_id: UUID, conversation_id: UUID) -> list[Handover]:
    """The conversation's handovers, in the order they were asked for."""
    query = (
        select(*_HANDOVER)
        .where(handover.c.tenant_id == tenant_id, handover.c.conversation_id == conversation_id)
        .order_by(handover.c.requested_at, handover.c.id)
    )
    return _handovers(connection, tenant_id, query)


def with_open(connection: Connection, tenant_id: UUID, conversations: Collection[UUID]) -> set[UUID]:
    """Those of the conversations that have a handover which is not closed."""
    query = select(handover.c.conversation_id).where(
        handover.c.tenant_id == tenant_id,
        handover.c.conversation_id.in_(conversations),
        handover.c.status != Status.CLOSED,
    )
    return set(connection.execute(query).scalars())


def add(connection: Connection, tenant_id: UUID, new: Handover) -> bool:
    """False when it was there already, or the conversation has another open one."""
    values = {**asdict(new), "message": _sealed_message(connection, tenant_id, new.id, new.lead_id, new.message)}
    statement = insert(handover).values(tenant_id=tenant_id, **values).on_conflict_do_nothing()
    return connection.execute(statement.returning(handover.c.id)).first() is not None


def change(connection: Connection, tenant_id: UUID, handover_id: UUID, **values: Any) -> Handover:
    """The handover with some columns changed."""
    here = (handover.c.tenant_id == tenant_id, handover.c.id == handover_id)
    if "message" in values:
        lead_id = connection.execute(select(handover.c.lead_id).where(*here)).scalar_one()
        values["message"] = _sealed_message(connection, tenant_id, handover_id, lead_id, values["message"])
    connection.execute(update(handover).where(*here).values(**values))
    (changed,) = _handovers(connection, tenant_id, select(*_HANDOVER).where(*here))
    return changed


def page(
    connection: Connection, tenant_id: UUID, statuses: Collection[str], after: tuple[datetime, UUID] | None, limit: int
) -> list[Handover]:
    """Handovers with one of these statuses, the latest requested first."""
    query = select(*_HANDOVER).where(handover.c.tenant_id == tenant_id, handover.c.status.in_(statuses))
    if after is not None:
        query = query.where(tuple_(handover.c.requested_at, handover.c.id) < tuple_(*after))
    query = query.order_by(handover.c.requested_at.desc(), handover.c.id.desc()).limit(limit)
    return _handovers(connection, tenant_id, query)


def count_open(connection: Connection, tenant_id: UUID) -> dict[str, int]:
    """How many open handovers there are in each status."""
    query = (
        select(handover.c.status, func.count())
        .where(handover.c.tenant_id == tenant_id, handover.c.status.in_(OPEN))
        .group_by(handover.c.status)
    )
    return dict(connection.execute(query).all())


def add_news(
    connection: Connection,
    tenant_id: UUID,
    news_id: UUID,
    conversation_id: UUID,
    handover_id: UUID | None,
    intent: str,
    data: Mapping[str, Any],
) -> bool:
    """False when news with this id are there already, or the lead was erased."""
    keys = personal.keys_of_conversation(connection, tenant_id, conversation_id)
    if keys is None:
        return False
    statement = insert(handover_news).values(
        tenant_id=tenant_id, id=news_id, conversation_id=conversation_id, handover_id=handover_id, intent=intent,
        data=personal.seal(keys, dict(data), _DATA, tenant_id, news_id),
    )  # fmt: skip
    added = connection.execute(statement.on_conflict_do_nothing().returning(handover_news.c.id)).first()
    return added is not None


def find_news(connection: Connection, tenant_id: UUID, news_id: UUID) -> News | None:
    query = select(*_NEWS).where(handover_news.c.tenant_id == tenant_id, handover_news.c.id == news_id)
    found = _news_of(connection, tenant_id, query)
    return found[0] if found else None


def news_of(connection: Connection, tenant_id: UUID, conversation_id: UUID) -> list[News]:
    """All news of the conversation, in their order."""
    query = (
        select(*_NEWS)
        .where(handover_news.c.tenant_id == tenant_id, handover_news.c.conversation_id == conversation_id)
        .order_by(handover_news.c.position)
    )
    return _news_of(connection, tenant_id, query)


def next_news(connection: Connection, tenant_id: UUID, conversation_id: UUID) -> News | None:
    """The oldest news of the conversation that are still to be delivered."""
    query = (
        select(*_NEWS)
        .where(
            handover_news.c.tenant_id == tenant_id,
            handover_news.c.conversation_id == conversation_id,
            handover_news.c.delivered_at.is_(None),
            handover_news.c.failure.is_(None),
        )
        .order_by(handover_news.c.position)
        .limit(1)
    )
    found = _news_of(connection, tenant_id, query)
    return found[0] if found else None


def undelivered(connection: Connection, tenant_id: UUID, handover_id: UUID) -> list[News]:
    """The news of a handover that the lead has not got, in their order."""
    query = (
        select(*_NEWS)
        .where(
            handover_news.c.tenant_id == tenant_id,
            handover_news.c.handover_id == handover_id,
            handover_news.c.delivered_at.is_(None),
        )
        .order_by(handover_news.c.position)
    )
    return _news_of(connection, tenant_id, query)


def note_delivered(connection: Connection, tenant_id: UUID, news_id: UUID) -> None:
    connection.execute(_news(tenant_id, news_id).values(delivered_at=now()))


def note_failed(connection: Connection, tenant_id: UUID, news_id: UUID, reason: str) -> None:
    connection.execute(_news(tenant_id, news_id).values(failure=reason))


def forget_conversation(connection: Connection, tenant_id: UUID, conversation_id: UUID) -> dict[str, int]:
    """Remove the words of the conversation's handovers and close them; how many messages of staff there were."""
    gone = connection.execute(
        delete(handover_news).where(
            handover_news.c.tenant_id == tenant_id, handover_news.c.conversation_id == conversation_id
        )
    )
    connection.execute(
        update(handover)
        .where(handover.c.tenant_id == tenant_id, handover.c.conversation_id == conversation_id)
        .values(message=None, status=Status.CLOSED, closed_at=func.coalesce(handover.c.closed_at, now()))
    )
    return {"staff_messages": gone.rowcount}


def find_settings(connection: Connection, tenant_id: UUID) -> HandoverSettings:
    """The tenant's settings; the defaults when it has none."""
    row = connection.execute(select(*_SETTINGS).where(handover_settings.c.tenant_id == tenant_id)).one_or_none()
    return HandoverSettings() if row is None else HandoverSettings(*row)


def save_settings(connection: Connection, tenant_id: UUID, wanted: HandoverSettings) -> None:
    values = asdict(wanted)
    statement = insert(handover_settings).values(tenant_id=tenant_id, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["tenant_id"], set_=values))


def _handovers(connection: Connection, tenant_id: UUID, query: Select[Any]) -> list[Handover]:
    rows = connection.execute(query).mappings().all()
    keys = personal.keys_of(connection, tenant_id, {row["lead_id"] for row in rows if row["message"] is not None})
    return [
        Handover(
            **{
                **row,
                "message": personal.unseal(keys.get(row["lead_id"]), row["message"], _MESSAGE, tenant_id, row["id"]),
            }
        )
        for row in rows
    ]


def _sealed_message(
    connection: Connection, tenant_id: UUID, handover_id: UUID, lead_id: UUID, message: str | None
) -> bytes | None:
    keys = None if message is None else personal.for_writing(connection, tenant_id, [lead_id]).get(lead_id)
    return None if keys is None else personal.seal(keys, message, _MESSAGE, tenant_id, handover_id)


def _news_of(connection: Connection, tenant_id: UUID, query: Select[Any]) -> list[News]:
    """News as they were written; those of an erased lead are left out."""
    rows = connection.execute(query).mappings().all()
    keys = {
        conversation_id: personal.keys_of_conversation(connection, tenant_id, conversation_id)
        for conversation_id in {row["conversation_id"] for row in rows}
    }
    return [
        News(**{**row, "data": personal.unseal(mine, row["data"], _DATA, tenant_id, row["id"])})
        for row in rows
        if (mine := keys[row["conversation_id"]]) is not None
    ]


def _news(tenant_id: UUID, news_id: UUID) -> Any:
    return update(handover_news).where(handover_news.c.tenant_id == tenant_id, handover_news.c.id == news_id)
