"""What a lead is. No I/O: how events change a lead is in `fold.py`, how leads are kept in `repository.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID

Item = TypeVar("Item")


class LeadState(StrEnum):
    """Where a lead is in the pipeline. From `qualified` on, the names are the outcomes a flow can end with."""

    NEW = "new"
    """Opened the chat and has not answered anything yet."""
    IN_PROGRESS = "in_progress"
    QUALIFIED = "qualified"
    NURTURE = "nurture"
    DISQUALIFIED = "disqualified"
    HANDED_OVER = "handed_over"
    STOPPED = "stopped"
    """Asked to be left alone; resumes when they want to."""


class Person(StrEnum):
    """Whether a person of the team has to do with the lead."""

    NOBODY = ""
    WAITING = "waiting"
    """Asked for somebody; the assistant is silent until they come, or the lead goes on without."""
    TALKING = "talking"
    AWAY = "away"
    """Was told that nobody can come; what they write next is a message for the team."""


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some items of a list; `next_cursor` asks for those after them, None when there are none."""

    items: tuple[Item, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class Contact:
    """How to reach a lead, as far as they told."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    company: str | None = None


@dataclass(frozen=True)
class Answer:
    """A lead's standing answer. `value` is what the flow computes with, `display` what the lead reads."""

    question: str
    label: str
    value: Any
    display: str
    ordinal: int
    answered_at: datetime


@dataclass(frozen=True)
class LeadSummary:
    """A lead as a line of a list."""

    id: UUID
    conversation_id: UUID
    channel: str
    locale: str
    state: str
    score: int | None
    name: str | None
    email: str | None
    phone: str | None
    company: str | None
    wants_person: bool
    person: str
    messages: int
    started_at: datetime
    last_message_at: datetime | None
    completed_at: datetime | None
    erased_at: datetime | None


@dataclass(frozen=True)
class Lead:
    """A lead with everything they told. `messages` counts the entries of the transcript."""

    id: UUID
    conversation_id: UUID
    channel: str
    locale: str
    flow_version_id: UUID
    state: str
    started_at: datetime
    page: Mapping[str, Any] = field(default_factory=dict)
    end_id: str | None = None
    score: int | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    company: str | None = None
    wants_person: bool = False
    person: str = Person.NOBODY
    pending_question: str | None = None
    """The question that was asked last and not finished with; None before the first and after the end."""
    messages: int = 0
    last_message_at: datetime | None = None
    completed_at: datetime | None = None
    reminded_at: datetime | None = None
    erased_at: datetime | None = None
    """Since when nothing is known of them but that they were there."""
    answers: tuple[Answer, ...] = ()
    """In the order in which they were asked."""


@dataclass(frozen=True)
class Arrival:
    """What was known of a lead before the first question; a flow's conditions see it."""

    channel: str
    locale: str
    utm: Mapping[str, Any] = field(default_factory=dict)
    hidden: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AtRest:
    """A lead with whom nothing happens any more."""

    id: UUID
    conversation_id: UUID
    state: str
    last_activity: datetime


@dataclass(frozen=True)
class TranscriptEntry:
    """One line of the conversation, word for word. `sender` is `visitor`, `assistant` or `staff`.

    `name` is the staff member's; `question` the question which a visitor's message answered.
    """

    id: UUID
    sender: str
    text: str
    at: datetime
    buttons: tuple[Mapping[str, Any], ...] = ()
    input: Mapping[str, Any] | None = None
    attachment: Mapping[str, Any] | None = None
    progress: Mapping[str, Any] | None = None
    message_id: str | None = None
    name: str | None = None
    question: str | None = None


@dataclass(frozen=True)
class QualifiedAnswer:
    """An answer as it stood when the lead was qualified."""

    question: str
    label: str
    value: Any
    display: str


@dataclass(frozen=True)
class QualifiedLead:
    """A lead at the moment of qualification: what strategy and CRM work from, whatever is said afterwards."""

    lead_id: UUID
    conversation_id: UUID
    flow_version_id: UUID
    locale: str
    end: str
    score: int
    contact: Contact
    answers: tuple[QualifiedAnswer, ...]
