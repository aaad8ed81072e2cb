"""The event store: append-only streams with optimistic concurrency, read in one global order.

The global order is (transaction id, position). A reader takes only events of transactions older than every one still running, so
that it can neither miss an event nor see a later one first (docs/decisions/0004-event-order.md). What an event says about a person is
sealed on its way in and opened on its way out (docs/record.md). A trigger chains each event to the
one before it in its stream (markezy.kernel.chain).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    DateTime,
    FetchedValue,
    Identity,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import UserDefinedType

from envelope.upcasting import current_version, upcast
from markezy.kernel.clock import now
from markezy.kernel.db import metadata
from markezy.kernel.errors import Conflict
from markezy.kernel.ids import new_id
from markezy.kernel.personal.sealing import Content, open_contents, seal_contents


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_options: object) -> str:
        return "XID8"


event = Table(
    "event",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("stream_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("id", Uuid, nullable=False),
    Column("stream_type", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("schema_version", SmallInteger, nullable=False, server_default=text("1")),
    Column("data", JSONB, nullable=False),
    Column("actor", Text, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("tx", Xid8, nullable=False, server_default=text("pg_current_xact_id()")),
    Column("position", BigInteger, Identity(always=True)),
    Column("hash", LargeBinary, FetchedValue(), nullable=False),
)


@dataclass(frozen=True)
class NewEvent:
    """An event about to be appended. `actor` says who caused it: `visitor`, `assistant`, `platform`, `staff:<user id>`,
    `api_key:<id>` or `crm:<connection id>`."""

    type: str
    data: dict[str, Any]
    actor: str = "platform"


@dataclass(frozen=True)
class Event:
    """A stored event. `version` counts from 1 in its stream."""

    tenant_id: UUID
    stream_type: str
    stream_id: UUID
    version: int
    id: UUID
    type: str
    schema_version: int
    data: dict[str, Any]
    actor: str
    correlation_id: str
    occurred_at: datetime


STORED = tuple(
    event.c[name]
    for name in (
        "tenant_id", "stream_type", "stream_id", "version", "id", "type", "schema_version", "data", "actor",
        "correlation_id", "occurred_at",
    )
)  # fmt: skip
"""The columns of an `Event`, in its order."""


def append(
    connection: Connection,
    tenant_id: UUID,
    stream_type: str,
    stream_id: UUID,
    expected_version: int | None,
    new_events: Sequence[NewEvent],
    correlation_id: str,
) -> list[Event]:
    """Append to one stream. `expected_version` is the version the caller decided upon (0 for a new stream); None appends to whatever
    is there. Conflict when another writer was faster.
    """
    if not new_events:
        return []
    if expected_version is None:
        # "Whatever is there" has to stay what we read.
        lock_stream(connection, stream_id)
        base = _version(connection, tenant_id, stream_id)
    else:
        base = expected_version
    occurred_at = now()
    stored = [
        Event(
            tenant_id, stream_type, stream_id, base + number, new_id(), new.type, current_version(new.type), new.data,
            new.actor, correlation_id, occurred_at,
        )
        for number, new in enumerate(new_events, start=1)
    ]  # fmt: skip
    kept = seal_contents(connection, tenant_id, stream_type, stream_id, [_content(row) for row in stored])
    try:
        with connection.begin_nested():
            rows = [{**vars(row), "data": data} for row, data in zip(stored, kept, strict=True)]
            connection.execute(insert(event), rows)
    except IntegrityError:
        raise Conflict("Somebody else changed this in the meantime; load it again and retry.") from None
    return stored


def lock_stream(connection: Connection, stream_id: UUID) -> None:
    """Until the transaction ends nobody else appends to whatever is there; for who decides by what the stream stands for."""
    connection.execute(_LOCK_STREAM, {"stream_id": str(stream_id)})


def read_stream(
    connection: Connection, tenant_id: UUID, stream_id: UUID, until: datetime | None = None, after_version: int = 0
) -> list[Event]:
    """The events of one stream in order, those after `after_version` and not later than `until`."""
    query = (
        select(*STORED)
        .where(event.c.tenant_id == tenant_id, event.c.stream_id == stream_id, event.c.version > after_version)
        .order_by(event.c.version)
    )
    if until is not None:
        query = query.where(event.c.occurred_at <= until)
    return opened(connection, (Event(*row) for row in connection.execute(query)))


def opened(connection: Connection, stored: Iterable[Event]) -> list[Event]:
    """Events of one tenant as they were appended, in the newest shape of their type.

    Of an erased lead's there are the clear members, and empty ones for the rest.
    """
    events = list(stored)
    if not events:
        return []
    data = open_contents(connection, events[0].tenant_id, [_content(row) for row in events])
    return [
        replace(row, data=upcast(row.type, row.schema_version, plain), schema_version=current_version(row.type))
        for row, plain in zip(events, data, strict=True)
    ]


def _content(row: Event) -> Content:
    return Content(row.id, row.type, row.data)


_LOCK_STREAM = text("SELECT pg_advisory_xact_lock(hashtextextended(:stream_id, 0))")


def _version(connection: Connection, tenant_id: UUID, stream_id: UUID) -> int:
    highest = select(func.max(event.c.version)).where(event.c.tenant_id == tenant_id, event.c.stream_id == stream_id)
    return connection.execute(highest).scalar() or 0
