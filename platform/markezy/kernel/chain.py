"""Whether the record can be trusted: each event's hash covers the event and the hash before it in its stream.

The hashes are set by a trigger when an event is appended. Here they are computed again, without the database's functions, from
the rows as they stand. What that proves and what it doesn't: docs/decisions/0011-trusted-record.md.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from hashlib import sha256
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from markezy.kernel.db import Database

_AT_ONCE = 1000
"""Rows fetched in one go: memory stays the same however long the log is."""


class Fault(StrEnum):
    """What is wrong with an event."""

    CHANGED = "changed"
    MISSING = "missing"
    OUT_OF_ORDER = "out of order"
    UNWITNESSED = "unwitnessed"
    """The stream has more events than its head, or its conversation, knows of."""


@dataclass(frozen=True)
class Break:
    """The first event of a stream that can't be trusted; what follows it says nothing any more."""

    tenant_id: UUID
    stream_id: UUID
    version: int
    fault: Fault


@dataclass(frozen=True)
class Link:
    """One event as the chain sees it: its place, what is hashed of it and the hash it carries."""

    stream_id: UUID
    version: int
    position: int
    content: str
    hash: bytes


@dataclass(frozen=True)
class Verified:
    """What was read of one tenant, and the broken streams found."""

    tenant_id: UUID
    streams: int
    events: int
    breaks: tuple[Break, ...]


_EVENTS = text("""
    SELECT stream_id, version, position, hash, id, stream_type, type, schema_version, data::text AS data, actor,
           correlation_id, (extract(epoch FROM occurred_at) * 1000000)::bigint AS occurred_at
    FROM event WHERE tenant_id = :tenant_id ORDER BY stream_id, version
""")
_WITNESSES = text("""
    SELECT id AS stream_id, version FROM conversation WHERE tenant_id = :tenant_id
    UNION ALL SELECT stream_id, version FROM stream_head WHERE tenant_id = :tenant_id
    ORDER BY stream_id
""")


class Chain:
    """Follows one stream: give it the stream's events in the order of their versions, then ask how it ends."""

    def __init__(self) -> None:
        self.events = 0
        self._fault: tuple[int, Fault] | None = None
        self._last = Link(UUID(int=0), 0, 0, "", b"")

    def add(self, link: Link) -> None:
        if self._fault is None:
            self._fault = self._check(link)
        elif self._fault == (self._last.version, Fault.CHANGED) and link.position < self._last.position:
            # Its successor was written before it: it was not rewritten but put somewhere else.
            self._fault = (self._last.version, Fault.OUT_OF_ORDER)
        self.events += 1
        self._last = link

    def end(self, witness: int | None) -> tuple[int, Fault] | None:
        """The first version that is wrong, and how. `witness` is the version the stream has reached, None when nobody knows."""
        last = self._last.version
        if self._fault is not None or witness == last:
            return self._fault
        if witness is not None and witness > last:
            return last + 1, Fault.MISSING
        return (witness or 0) + 1, Fault.UNWITNESSED

    def _check(self, link: Link) -> tuple[int, Fault] | None:
        if link.version != self._last.version + 1:
            return self._last.version + 1, Fault.MISSING
        if link.position <= self._last.position:
            return link.version, Fault.OUT_OF_ORDER
        if link.hash != event_hash(self._last.hash, link.content):
            return link.version, Fault.CHANGED
        return None


def verify(database: Database, tenant_id: UUID) -> Verified:
    """Follow every chain of the tenant, in one snapshot: writers go on meanwhile. Memory does not grow with the log."""
    with database.snapshot(tenant_id) as connection:
        streams = events = 0
        breaks = []
        for stream_id, links, witness in _streams(connection, tenant_id):
            chain = Chain()
            for link in links:
                chain.add(link)
            streams += 1
            events += chain.events
            if fault := chain.end(witness):
                breaks.append(Break(tenant_id, stream_id, *fault))
        return Verified(tenant_id, streams, events, tuple(breaks))


def event_hash(previous: bytes, content: str) -> bytes:
    """32 bytes, as the database's function of this name computes them; `previous` is empty for a stream's first event."""
    return sha256(previous + content.encode()).digest()


def _streams(connection: Connection, tenant_id: UUID) -> Iterator[tuple[UUID, Iterable[Link], int | None]]:
    """Every stream that has events or a witness, with both. A stream's links have to be consumed before the next is asked for."""
    mine = {"tenant_id": tenant_id}
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(_EVENTS, mine)
    witnesses = connection.execution_options(yield_per=_AT_ONCE).execute(_WITNESSES, mine)
    links = (_link(tenant_id, row) for row in rows)
    waiting = next(witnesses, None)
    for stream_id, members in groupby(links, key=lambda link: link.stream_id):
        while waiting is not None and waiting.stream_id < stream_id:
            yield waiting.stream_id, (), waiting.version
            waiting = next(witnesses, None)
        witness = None
        if waiting is not None and waiting.stream_id == stream_id:
            witness = waiting.version
            waiting = next(witnesses, None)
        yield stream_id, members, witness
    while waiting is not None:
        yield waiting.stream_id, (), waiting.version
        waiting = next(witnesses, None)


def _link(tenant_id: UUID, row: Row[Any]) -> Link:
    text_of = partial(json.dumps, ensure_ascii=False)
    # The text that PostgreSQL's json_build_array makes of the row; `data` comes as text, in jsonb's canonical form.
    content = (
        f'["{tenant_id}", "{row.stream_id}", {row.version}, "{row.id}", {text_of(row.stream_type)}, {text_of(row.type)},'
        f" {row.schema_version}, {row.data}, {text_of(row.actor)}, {text_of(row.correlation_id)}, {row.occurred_at}]"
    )
    return Link(row.stream_id, row.version, row.position, content, bytes(row.hash))
