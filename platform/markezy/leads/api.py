"""The door to leads: lists, one lead, their transcript, events and files, and their qualification.

All functions take a connection whose transaction is scoped to the tenant and never commit. The read model follows the event log with a
short delay; `record_qualified` and `qualified` work on the log itself and do not wait for it. Sending messages is not done here.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from uuid import UUID

from redis import Redis, RedisError
from sqlalchemy import Connection

from markezy.kernel import cursors
from markezy.kernel.errors import Invalid, NotFound
from markezy.kernel.events import Event, NewEvent, append, lock_stream
from markezy.kernel.ids import new_id
from markezy.kernel.logging import get_logger
from markezy.kernel.personal import rotation
from markezy.leads import forgetting, journey, kept, repository
from markezy.leads.files import SentFile, find_file
from markezy.leads.fold import fold, transcript_entry
from markezy.leads.journey import FailedStrategy, Journey
from markezy.leads.kept import (
    OLD_FILES,
    OLD_MESSAGES,
    ConversationRow,
    KeptFile,
    TakenMessage,
    conversations_of,
)
from markezy.leads.model import (
    Answer,
    Arrival,
    AtRest,
    Contact,
    Lead,
    LeadState,
    LeadSummary,
    Page,
    Person,
    QualifiedAnswer,
    QualifiedLead,
    TranscriptEntry,
)
from markezy.leads.projector import project
from markezy.leads.reviewing import VERDICTS, review
from markezy.leads.service import as_of_now, qualified, record_qualified

__all__ = [
    "LARGEST_PAGE", "OLD_FILES", "OLD_MESSAGES", "PROJECTION_NAME", "VERDICTS", "Answer", "Arrival", "AtRest", "Contact",
    "ConversationRow", "FailedStrategy", "Journey", "KeptFile", "Lead", "LeadState", "LeadSummary", "Page", "Person",
    "QualifiedAnswer", "QualifiedLead", "SentFile", "TakenMessage", "TranscriptEntry", "arrival", "at_rest",
    "conversations_of", "count_by_state", "events_of", "events_page", "file_of", "files_of", "forget_lead",
    "get_lead", "last_heard", "lead_at", "lead_of_conversation", "list_leads", "messages_taken", "project",
    "projection", "qualified", "qualified_today", "record_qualified", "resting", "review", "rotate_key", "state_at", "state_now",
    "summaries_of", "tell_pages", "transcript",
]  # fmt: skip

PROJECTION_NAME = "leads"
LARGEST_PAGE = 100

log = get_logger(__name__)


def list_leads(
    connection: Connection,
    tenant_id: UUID,
    *,
    cursor: str | None = None,
    limit: int = 25,
    state: str | None = None,
    search: str | None = None,
) -> Page[LeadSummary]:
    """Leads, the latest started first; `search` finds the beginnings of name, e-mail address and company, whole
    words of what was said, and phone numbers.

    Malformed when the cursor is not one of ours, Invalid when the state or limit is unknown.
    """
    _check_limit(limit)
    if state is not None and state not in set(LeadState):
        raise Invalid(f"There is no state {state!r}; there are {', '.join(LeadState)}.")
    if search is not None and "\0" in search:
        raise Invalid("A search can't contain the NUL character.")
    found = repository.summaries(
        connection, tenant_id, _place(cursor) if cursor else None, limit + 1, state, search or None
    )
    page = tuple(found[:limit])
    more = len(found) > limit
    return Page(page, cursors.encode(page[-1].started_at.isoformat(), str(page[-1].id)) if more else None)


def summaries_of(connection: Connection, tenant_id: UUID, lead_ids: Collection[UUID]) -> dict[UUID, LeadSummary]:
    """These leads by id; one that the read model does not know yet is left out."""
    return {one.id: one for one in repository.summaries_of(connection, tenant_id, lead_ids)} if lead_ids else {}


def lead_of_conversation(connection: Connection, tenant_id: UUID, conversation_id: UUID) -> UUID:
    """Whose conversation it is, from the log, so that it is known from the first event on; NotFound for no conversation."""
    found = repository.lead_of_conversation(connection, tenant_id, conversation_id)
    if found is None:
        raise NotFound("There is no such conversation.")
    return UUID(found)


def get_lead(connection: Connection, tenant_id: UUID, lead_id: UUID) -> Lead:
    """The lead with their answers; NotFound when there is none."""
    found = repository.find_lead(connection, tenant_id, lead_id)
    if found is None:
        raise NotFound("There is no such lead.")
    return found


def lead_at(connection: Connection, tenant_id: UUID, lead_id: UUID, at: datetime) -> Lead:
    """The lead as they were at a time, from the log; NotFound before they came."""
    return state_at(connection, tenant_id, lead_id, at)[0]


def state_at(connection: Connection, tenant_id: UUID, lead_id: UUID, at: datetime) -> tuple[Lead, Journey]:
    """The lead as they were at a time, and what had been done for and with them by then, from the log; NotFound before they came."""
    happened = _happened(connection, tenant_id, lead_id, until=at)
    found = fold(happened)
    if found is None:
        raise NotFound("This lead was not there yet.")
    return found, journey.fold(happened)


def state_now(connection: Connection, tenant_id: UUID, lead_id: UUID) -> tuple[Lead, Journey]:
    """The lead as the read model has them, and what has been done for and with them; NotFound when there is none."""
    return (
        get_lead(connection, tenant_id, lead_id),
        journey.fold(repository.events_of_streams(connection, tenant_id, {lead_id: 0})),
    )


def qualified_today(connection: Connection, tenant_id: UUID, lead_id: UUID) -> QualifiedLead:
    """A qualified lead with what they say by now, as the read model knows it; NotFound when they are not qualified."""
    return as_of_now(qualified(connection, tenant_id, lead_id), get_lead(connection, tenant_id, lead_id))


def arrival(connection: Connection, tenant_id: UUID, conversation_id: UUID) -> Arrival:
    """How the lead of a conversation came; NotFound when there is no such conversation. Of an erased lead the details are gone."""
    event = repository.beginning(connection, tenant_id, conversation_id)
    if event is None:
        raise NotFound("There is no such conversation.")
    data = event.data
    page = data.get("page") or {}
    return Arrival(data["channel"], data["locale"], page.get("utm") or {}, data.get("hidden") or {})


def transcript(connection: Connection, tenant_id: UUID, lead_id: UUID) -> list[TranscriptEntry]:
    """What was said, word for word and in order; NotFound when there is no such lead."""
    conversation_id = get_lead(connection, tenant_id, lead_id).conversation_id
    entries = (transcript_entry(event) for event in repository.said(connection, tenant_id, conversation_id))
    return [entry for entry in entries if entry is not None]


def file_of(connection: Connection, tenant_id: UUID, lead_id: UUID, file_id: UUID) -> SentFile:
    """A file the lead sent as an answer; NotFound when there is no such lead, or no such file of theirs."""
    conversation_id = get_lead(connection, tenant_id, lead_id).conversation_id
    found = find_file(connection, tenant_id, lead_id, conversation_id, file_id)
    if found is None:
        raise NotFound("This lead has sent no such file.")
    return found


def resting(
    connection: Connection, tenant_id: UUID, after: tuple[datetime, UUID], before: datetime, limit: int
) -> list[Lead]:
    """Leads with a question open, with nobody of the team, who were never reminded; the longest at rest first.

    Their last message came before a time, and behind the (time, lead id) `after`: the last lead of a page leads to the next.
    """
    return repository.resting(connection, tenant_id, after, before, limit)


def last_heard(connection: Connection, tenant_id: UUID, conversations: Collection[UUID]) -> dict[UUID, datetime]:
    """By conversation when the lead last said or tapped something, from the log; one without a word is left out."""
    return repository.last_heard(connection, tenant_id, conversations)


def files_of(connection: Connection, tenant_id: UUID, lead: Lead) -> list[KeptFile]:
    """The files the lead sent, with their content; none of an erased lead."""
    return kept.files_of(connection, tenant_id, lead.id, lead.conversation_id)


def messages_taken(connection: Connection, tenant_id: UUID, lead: Lead) -> list[TakenMessage]:
    """What the channels keep of the messages they accepted from the lead; nothing of an erased one."""
    return kept.messages_of(connection, tenant_id, lead.id, lead.conversation_id)


def at_rest(
    connection: Connection,
    tenant_id: UUID,
    states: Collection[str],
    after: tuple[datetime, UUID] | None,
    before: datetime,
    limit: int,
) -> list[AtRest]:
    """Leads in one of these states with whom nothing has happened since `before`; the longest at rest first.

    Erased ones are left out, and those who wait for a person or talk to one. `after` is the place of the last lead of the page before.
    """
    return repository.at_rest(connection, tenant_id, states, after, before, limit)


def rotate_key(connection: Connection, tenant_id: UUID, lead_id: UUID) -> bool:
    """Give the lead a new key and have their row sealed by it; False for a lead without keys."""
    lock_stream(connection, lead_id)
    version = rotation.add_lead_key(connection, tenant_id, lead_id)
    if version is None:
        return False
    rotated = NewEvent("lead.key_rotated", {"version": version})
    append(connection, tenant_id, "lead", lead_id, None, [rotated], str(new_id()))
    return True


def forget_lead(
    connection: Connection, tenant_id: UUID, lead_id: UUID, reason: str, actor: str, correlation_id: str
) -> dict[str, int]:
    """Remove what is kept of the lead outside the log and write `lead.erased` in the name of whoever asked for it; how much of
    each kind there was.

    The caller destroys the lead's keys in the same transaction. NotFound when there is no such lead.
    """
    conversation_id = get_lead(connection, tenant_id, lead_id).conversation_id
    return forgetting.forget_lead(connection, tenant_id, lead_id, conversation_id, reason, actor, correlation_id)


def count_by_state(connection: Connection, tenant_id: UUID) -> dict[str, int]:
    """How many leads are in each state; states without any are left out."""
    return repository.count_by_state(connection, tenant_id)


def events_of(connection: Connection, tenant_id: UUID, lead_id: UUID) -> list[Event]:
    """All events about the lead, of the conversation and afterwards; NotFound when there is no such lead."""
    return _happened(connection, tenant_id, lead_id)


def events_page(
    connection: Connection, tenant_id: UUID, lead_id: UUID, *, cursor: str | None = None, limit: int = 100
) -> Page[Event]:
    """The same, some at a time: from page to page none is left out, also of those written meanwhile."""
    _check_limit(limit)
    streams = (get_lead(connection, tenant_id, lead_id).conversation_id, lead_id)
    read = dict(zip(streams, _versions(cursor) if cursor else (0, 0), strict=True))
    found = repository.events_of_streams(connection, tenant_id, read, limit + 1)
    page = found[:limit]
    read |= {event.stream_id: event.version for event in page}
    next_cursor = cursors.encode(*(str(read[one]) for one in streams)) if len(found) > limit else None
    return Page(tuple(page), next_cursor)


def projection(redis: Redis) -> Callable[[Connection, UUID, Sequence[Event]], None]:
    """`project` that also tells open console pages whose lead changed, as a hint (docs/contracts.md).

    The hint leaves a moment before the commit. A page gathers hints for longer than a commit takes, and asks by itself now and then.
    """

    def project_and_tell(connection: Connection, tenant_id: UUID, events: Sequence[Event]) -> None:
        tell_pages(redis, tenant_id, project(connection, tenant_id, events))

    return project_and_tell


def tell_pages(redis: Redis, tenant_id: UUID, lead_ids: Collection[UUID]) -> None:
    """Tell open console pages that something about these leads changed: a hint, lost when Redis is away."""
    if not lead_ids:
        return
    try:
        with redis.pipeline(transaction=False) as hints:
            for lead_id in sorted(lead_ids):
                hints.publish(f"markezy:leads:{tenant_id}", str(lead_id))
            hints.execute()
    except RedisError as error:
        log.warning("leads.hint_lost", error=type(error).__name__)


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= LARGEST_PAGE:
        raise Invalid(f"limit goes from 1 to {LARGEST_PAGE}.")


def _place(cursor: str) -> tuple[datetime, UUID]:
    started_at, lead_id = cursors.decode(cursor, 2)
    try:
        place = datetime.fromisoformat(started_at), UUID(lead_id)
    except ValueError:
        raise cursors.bad_cursor() from None
    if place[0].tzinfo is None:
        raise cursors.bad_cursor()
    return place


def _happened(connection: Connection, tenant_id: UUID, lead_id: UUID, until: datetime | None = None) -> list[Event]:
    conversation_id = get_lead(connection, tenant_id, lead_id).conversation_id
    return repository.events_of_streams(connection, tenant_id, {conversation_id: 0, lead_id: 0}, until=until)


def _versions(cursor: str) -> list[int]:
    """How far the conversation and the lead's own stream were read."""
    versions = cursors.decode(cursor, 2)
    if not all(one.isascii() and one.isdigit() and len(one) < 10 for one in versions):
        raise cursors.bad_cursor()
    return [int(one) for one in versions]
