"""Who read or changed what, when, from where: one entry a request, which nobody changes afterwards (docs/decisions/0017-audit.md).

The edge writes entries (`kernel.http.auditing`), commands of operators write theirs by `by_operator`. An entry holds ids and names of
things, nothing personal of a lead, no words of a search and no whole address.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Column, Connection, SmallInteger, Table, Text, Uuid, exists, insert, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from markezy.kernel.clock import now
from markezy.kernel.db import metadata
from markezy.kernel.ids import lowest_id_at, new_id

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("session_id", Uuid),
    Column("action", Text, nullable=False),
    Column("subject_kind", Text),
    Column("subject_id", Text),
    Column("lead_id", Uuid),
    Column("filters", ARRAY(Text), nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("network", Text, nullable=False),
    Column("program", Text, nullable=False),
    Column("correlation_id", Text, nullable=False),
)

DONE = 200
REFRESH = timedelta(hours=1)
"""How long a page that asks again by itself is the same look at the same thing."""
OPERATOR_ACTIONS = (
    "flow.imported",
    "keys.rotated",
    "log.verified",
    "mail.reported",
    "plan.changed",
    "read_model.compared",
    "read_model.rebuilt",
)
"""What operators do from a shell."""

_NOTES = "markezy.audit_notes"
_SAME_LOOK = (
    "actor_kind",
    "actor_id",
    "session_id",
    "action",
    "subject_kind",
    "subject_id",
    "lead_id",
    "filters",
    "status",
)


@dataclass(frozen=True)
class Entry:
    """One entry to be written. `actor_kind` is `staff`, `api_key`, `service`, `operator` or `anonymous`; `status` is HTTP's."""

    tenant_id: UUID
    actor_kind: str
    actor_id: str
    action: str
    status: int
    correlation_id: str
    session_id: UUID | None = None
    subject_kind: str | None = None
    subject_id: str | None = None
    lead_id: UUID | None = None
    filters: tuple[str, ...] = ()
    """By what a list was narrowed; the names only."""
    network: str = ""
    program: str = ""


@dataclass
class Notes:
    """What turns out about a request while it is served, and is not in its address."""

    tenant_id: UUID | None = None
    actor: tuple[str, str] | None = None
    subject: tuple[str, str] | None = None
    lead_id: UUID | None = None
    action: str | None = None
    status: int | None = None


def write(connection: Connection, entry: Entry) -> None:
    connection.execute(insert(audit_entry).values(_row(entry)))


def write_unless_seen(connection: Connection, entry: Entry) -> None:
    """The same, unless the same session looked at the same thing within `REFRESH`."""
    row = _row(entry)
    same = (audit_entry.c[name].is_not_distinct_from(row[name]) for name in _SAME_LOOK)
    seen = exists().where(
        audit_entry.c.tenant_id == entry.tenant_id,
        # Said as an equation once more, because an index serves no IS NOT DISTINCT FROM.
        audit_entry.c.actor_id == entry.actor_id,
        audit_entry.c.id >= lowest_id_at(now() - REFRESH),
        *same,
    )
    values = select(*(literal(value, audit_entry.c[name].type) for name, value in row.items())).where(~seen)
    connection.execute(insert(audit_entry).from_select(list(row), values))


def by_operator(connection: Connection, tenant_id: UUID, action: str, **about: object) -> None:
    """Write what an operator did to this agency; `about` are further members of the entry."""
    if action not in OPERATOR_ACTIONS:
        raise ValueError(f"{action!r} is none of the actions of operators")
    write(connection, Entry(tenant_id, "operator", "cli", action, DONE, str(new_id()), **about))  # type: ignore[arg-type]


@contextmanager
def noting(connection: Connection, notes: Notes) -> Iterator[None]:
    """Let the functions below write into `notes` for the block."""
    connection.info[_NOTES] = notes
    try:
        yield
    finally:
        connection.info.pop(_NOTES, None)


def caller_is(connection: Connection, tenant_id: UUID, user_id: UUID) -> None:
    """A request that came without a login turned out to be this member of staff's."""
    notes = _notes(connection)
    notes.tenant_id, notes.actor = tenant_id, ("staff", str(user_id))


def account_is(connection: Connection, tenant_id: UUID, user_id: UUID) -> None:
    """A request that came without a login is about this member of staff, whoever sent it."""
    notes = _notes(connection)
    notes.tenant_id, notes.subject = tenant_id, ("user", str(user_id))


def subject_is(connection: Connection, kind: str, id_: object) -> None:
    """What the request is about, where its address does not say it."""
    _notes(connection).subject = (kind, str(id_))


def lead_is(connection: Connection, lead_id: UUID) -> None:
    """Whose thing it is that the request is about."""
    _notes(connection).lead_id = lead_id


def action_is(connection: Connection, action: str) -> None:
    """What was done, where it is something else than the route's name says."""
    _notes(connection).action = action


def outcome_is(connection: Connection, status: int) -> None:
    """How the request really ended, where its answer says less: a page that was asked for again, say."""
    _notes(connection).status = status


def _notes(connection: Connection) -> Notes:
    """Those of the request; outside of one, some that nobody reads."""
    found = connection.info.get(_NOTES)
    return found if isinstance(found, Notes) else Notes()


def _row(entry: Entry) -> dict[str, object]:
    return {**vars(entry), "id": new_id(), "filters": list(entry.filters)}
