"""The door to handovers: the inbox, what staff do, office hours, and news for a conversation.

All functions take a connection whose transaction is scoped to the tenant and never commit. What leads ask for arrives by the
projection; what staff say leaves by the task `handover.deliver`.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from redis import Redis
from sqlalchemy import Connection

from markezy.accounts import api as accounts
from markezy.handover import office_hours, repository
from markezy.handover.model import (
    LONGEST_TEXT,
    OPEN,
    Handover,
    HandoverSettings,
    InboxEntry,
    News,
    Page,
    Status,
)
from markezy.handover.pages import channel, tell_pages
from markezy.handover.projector import project
from markezy.handover.service import Desk, close, release, reply, take, tell
from markezy.kernel.cursors import bad_cursor, decode, encode
from markezy.kernel.errors import Invalid, NotFound
from markezy.kernel.events import Event
from markezy.kernel.mail import is_address
from markezy.leads import api as leads

__all__ = [
    "LARGEST_PAGE", "LONGEST_TEXT", "PROJECTION_NAME", "Desk", "Handover", "HandoverSettings", "InboxEntry", "News", "Page",
    "Status", "all_of", "channel", "close", "count_open", "entry_of", "forget_conversation", "inbox", "message", "of_lead",
    "project", "projection",
    "read_settings", "release", "reply", "save_settings", "take", "tell", "tell_pages", "undelivered", "with_open",
]  # fmt: skip

PROJECTION_NAME = "handovers"
LARGEST_PAGE = 100


def inbox(
    connection: Connection,
    tenant_id: UUID,
    *,
    status: str | None = None,
    cursor: str | None = None,
    limit: int = 25,
) -> Page[InboxEntry]:
    """Handovers with a status, or all that are not closed; the latest requested first.

    Malformed when the cursor is not one of ours, Invalid when the status or limit is unknown.
    """
    if not 1 <= limit <= LARGEST_PAGE:
        raise Invalid(f"limit goes from 1 to {LARGEST_PAGE}.")
    if status is not None and status not in set(Status):
        raise Invalid(f"There is no status {status!r}; there are {', '.join(Status)}.")
    statuses = OPEN if status is None else (status,)
    found = repository.page(connection, tenant_id, statuses, _place(cursor) if cursor else None, limit + 1)
    page = found[:limit]
    following = encode(page[-1].requested_at.isoformat(), str(page[-1].id)) if len(found) > limit else None
    return Page(tuple(_entries(connection, tenant_id, page)), following)


def entry_of(connection: Connection, tenant_id: UUID, handover: Handover) -> InboxEntry:
    """The handover with whose it is."""
    return _entries(connection, tenant_id, [handover])[0]


def of_lead(connection: Connection, tenant_id: UUID, lead: leads.Lead) -> InboxEntry | None:
    """The lead's handover that is not closed."""
    found = repository.find_open(connection, tenant_id, lead.conversation_id)
    return None if found is None else entry_of(connection, tenant_id, found)


def all_of(connection: Connection, tenant_id: UUID, conversation_id: UUID) -> tuple[list[Handover], list[News]]:
    """The conversation's handovers, and all that was sent into it; of an erased lead without any words."""
    return (
        repository.all_of(connection, tenant_id, conversation_id),
        repository.news_of(connection, tenant_id, conversation_id),
    )


def with_open(connection: Connection, tenant_id: UUID, conversations: Collection[UUID]) -> set[UUID]:
    """Those of the conversations that the team is not done with."""
    return repository.with_open(connection, tenant_id, conversations) if conversations else set()


def message(connection: Connection, tenant_id: UUID, lead_id: UUID, message_id: UUID) -> News:
    """A message of staff to this lead; NotFound when there is none."""
    found = repository.find_news(connection, tenant_id, message_id)
    conversation_id = leads.get_lead(connection, tenant_id, lead_id).conversation_id
    if found is None or (found.conversation_id, found.intent) != (conversation_id, "person_message"):
        raise NotFound("There is no such message.")
    return found


def undelivered(connection: Connection, tenant_id: UUID, handover: Handover) -> list[News]:
    """What staff said and did in this handover that the lead has not got, in order: on its way, or failed."""
    return repository.undelivered(connection, tenant_id, handover.id)


def count_open(connection: Connection, tenant_id: UUID) -> dict[str, int]:
    """How many handovers there are in each open status; statuses without any are left out."""
    return repository.count_open(connection, tenant_id)


def read_settings(connection: Connection, tenant_id: UUID) -> HandoverSettings:
    """The tenant's settings, or the defaults."""
    return repository.find_settings(connection, tenant_id)


def save_settings(connection: Connection, tenant_id: UUID, wanted: HandoverSettings) -> HandoverSettings:
    """Replace the tenant's settings. Invalid when the zone, the hours, the address or the patience make no sense."""
    try:
        ZoneInfo(wanted.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid("timezone is not known; write it like Europe/Paris.") from None
    try:
        office_hours.check(wanted.office_hours or {})
    except office_hours.BadHours as error:
        raise Invalid(f"office_hours: {error}.") from None
    if wanted.notify_email and not is_address(wanted.notify_email):
        raise Invalid("notify_email is not an e-mail address; leave it empty to notify the whole team.")
    if not 10 <= wanted.answer_seconds <= 86400:
        raise Invalid("answer_seconds goes from 10 to 86,400.")
    repository.save_settings(connection, tenant_id, wanted)
    return wanted


def projection(redis: Redis) -> Callable[[Connection, UUID, Sequence[Event]], None]:
    """`project` that also tells open console pages, a moment before the commit."""

    def project_and_tell(connection: Connection, tenant_id: UUID, events: Sequence[Event]) -> None:
        tell_pages(redis, tenant_id, project(connection, tenant_id, events))

    return project_and_tell


def _entries(connection: Connection, tenant_id: UUID, found: Sequence[Handover]) -> list[InboxEntry]:
    known = leads.summaries_of(connection, tenant_id, {one.lead_id for one in found})
    takers = {one.taken_by for one in found if one.taken_by}
    names = {user.id: user.name for user in accounts.users_of(connection, tenant_id, takers)}
    return [InboxEntry(one, known.get(one.lead_id), names.get(one.taken_by) if one.taken_by else None) for one in found]


def _place(cursor: str) -> tuple[datetime, UUID]:
    requested_at, handover_id = decode(cursor, 2)
    try:
        place = datetime.fromisoformat(requested_at), UUID(handover_id)
    except ValueError:
        raise bad_cursor() from None
    if place[0].tzinfo is None:
        raise bad_cursor()
    return place


def forget_conversation(connection: Connection, tenant_id: UUID, conversation_id: UUID) -> dict[str, int]:
    """Remove what was said between team and lead outside the log, and close what is open; how many messages that were."""
    repository.lock_conversation(connection, conversation_id)
    return repository.forget_conversation(connection, tenant_id, conversation_id)
