"""What staff do: take a conversation over, say something, hand it back. Each is one decision under the conversation's lock."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from markezy.accounts import api as accounts
from markezy.handover import repository
from markezy.handover.model import LONGEST_TEXT, Handover, News, Status
from markezy.kernel.clock import now
from markezy.kernel.errors import Conflict, Invalid, NotFound
from markezy.kernel.events import NewEvent, append
from markezy.kernel.ids import new_id
from markezy.kernel.outbox import enqueue
from markezy.leads import api as leads

_LONGEST_NAME = 100
"""Characters; half of what the bot takes."""


@dataclass(frozen=True)
class Desk:
    """Who of the team acts, and in which transaction."""

    connection: Connection
    tenant_id: UUID
    user_id: UUID
    correlation_id: str


def tell(
    connection: Connection,
    tenant_id: UUID,
    conversation_id: UUID,
    intent: str,
    data: Mapping[str, Any],
    correlation_id: str,
    *,
    news_id: UUID | None = None,
    handover_id: UUID | None = None,
) -> UUID:
    """Write down news for a conversation and ask for their delivery, behind all that were written before; their id.

    News whose `news_id` was used before are not told again.
    """
    repository.lock_conversation(connection, conversation_id)
    told = news_id or new_id()
    if repository.add_news(connection, tenant_id, told, conversation_id, handover_id, intent, data):
        enqueue(connection, tenant_id, "handover.deliver", {"conversation_id": str(conversation_id)}, correlation_id)
    return told


def take(desk: Desk, lead_id: UUID) -> Handover:
    """The conversation is this person's from now on, asked for or not. Conflict when a colleague has it."""
    lead, current = _look(desk, lead_id)
    if current is not None and current.status == Status.TALKING:
        if current.taken_by == desk.user_id:
            return current
        raise Conflict(
            f"{taker(desk, current)} is talking to this lead. Ask for the conversation to be handed back first."
        )
    at = now()
    if current is None:
        current = Handover(new_id(), lead.conversation_id, lead.id, Status.TALKING, "staff", None, at, at, desk.user_id)
        repository.add(desk.connection, desk.tenant_id, current)
    else:
        current = repository.change(
            desk.connection, desk.tenant_id, current.id, status=Status.TALKING, taken_at=at, taken_by=desk.user_id
        )
    _note(desk, current, "handover.taken")
    _tell(desk, current, "person_joined", {"name": _known_as(desk, desk.user_id)})
    return current


def reply(desk: Desk, lead_id: UUID, message_id: UUID, text: str) -> News:
    """Say something to the lead. The same id and text again is the same message.

    Conflict unless this person has taken the conversation over; Invalid for a text that is empty or too long.
    """
    words = text.replace("\r\n", "\n").strip()
    if not words or "\0" in words:
        raise Invalid("Write something; a message can't be empty or contain the NUL character.")
    if len(words) > LONGEST_TEXT:
        raise Invalid(f"A message has at most {LONGEST_TEXT:,} characters; this one has {len(words):,}.")
    lead, current = _look(desk, lead_id)
    said = repository.find_news(desk.connection, desk.tenant_id, message_id)
    if said is not None:
        if (said.conversation_id, said.intent, said.data.get("text")) != (
            lead.conversation_id,
            "person_message",
            words,
        ):
            raise Conflict("This id was used for another message; take a new one.")
        return said
    if current is None or current.status != Status.TALKING:
        raise Conflict("Take the conversation over first.")
    if current.taken_by != desk.user_id:
        raise Conflict(f"{taker(desk, current)} is talking to this lead. Take the conversation over first.")
    _tell(desk, current, "person_message", {"name": _known_as(desk, desk.user_id), "text": words}, message_id)
    written = repository.find_news(desk.connection, desk.tenant_id, message_id)
    assert written is not None  # noqa: S101 - just written
    return written


def release(desk: Desk, lead_id: UUID) -> Handover:
    """Back to the assistant. Anybody of the team may, so that nobody is left with a colleague who went home.

    Again is harmless; Conflict when nobody has taken the conversation.
    """
    lead, current = _look(desk, lead_id)
    if current is None or current.status != Status.TALKING:
        last = repository.find_latest(desk.connection, desk.tenant_id, lead.conversation_id)
        if current is None and last is not None and last.taken_at is not None:
            return last
        raise Conflict("Nobody has taken this conversation over.")
    name = _known_as(desk, current.taken_by)
    closed = repository.change(desk.connection, desk.tenant_id, current.id, status=Status.CLOSED, closed_at=now())
    _note(desk, closed, "handover.released")
    _tell(desk, closed, "person_left", {"name": name})
    return closed


def close(desk: Desk, handover_id: UUID) -> Handover:
    """Done with a message, or with a lead who was told that nobody can come. Again is harmless.

    NotFound for no handover of this tenant; Conflict while the lead waits or somebody talks to them.
    """
    found = repository.find(desk.connection, desk.tenant_id, handover_id)
    if found is None:
        raise NotFound("There is no such handover.")
    repository.lock_conversation(desk.connection, found.conversation_id)
    found = repository.find(desk.connection, desk.tenant_id, handover_id) or found
    if found.status == Status.CLOSED:
        return found
    if found.status == Status.WAITING:
        raise Conflict("This lead is waiting for somebody. Take the conversation over, then hand it back.")
    if found.status == Status.TALKING:
        raise Conflict("Somebody is talking to this lead. Hand the conversation back first.")
    closed = repository.change(desk.connection, desk.tenant_id, handover_id, status=Status.CLOSED, closed_at=now())
    _note(desk, closed, "handover.closed")
    return closed


def taker(desk: Desk, current: Handover) -> str:
    """The full name of whoever has taken the conversation."""
    if current.taken_by is None:
        return "A colleague"
    try:
        return accounts.user(desk.connection, desk.tenant_id, current.taken_by).name
    except NotFound:
        return "A former colleague"


def _look(desk: Desk, lead_id: UUID) -> tuple[leads.Lead, Handover | None]:
    """The lead and their open handover, which nobody else changes now; NotFound for no lead of this tenant."""
    lead = leads.get_lead(desk.connection, desk.tenant_id, lead_id)
    repository.lock_conversation(desk.connection, lead.conversation_id)
    return lead, repository.find_open(desk.connection, desk.tenant_id, lead.conversation_id)


def _note(desk: Desk, current: Handover, event_type: str) -> None:
    """Write into the lead's stream who of the team has done it."""
    done = NewEvent(event_type, {"handover_id": str(current.id)}, f"staff:{desk.user_id}")
    append(desk.connection, desk.tenant_id, "lead", current.lead_id, None, [done], desk.correlation_id)


def _tell(desk: Desk, current: Handover, intent: str, data: Mapping[str, Any], news_id: UUID | None = None) -> None:
    tell(
        desk.connection, desk.tenant_id, current.conversation_id, intent, {**data, "by": str(desk.user_id)}, desk.correlation_id,
        news_id=news_id, handover_id=current.id,
    )  # fmt: skip


def _known_as(desk: Desk, user_id: UUID | None) -> str:
    """What the lead knows the staff member by: the first name; the agency's name for somebody who is not there any more."""
    for user in accounts.users_of(desk.connection, desk.tenant_id, [user_id] if user_id else []):
        return (user.name.split() or [user.name])[0][:_LONGEST_NAME]
    return accounts.tenant(desk.connection, desk.tenant_id).name[:_LONGEST_NAME]
