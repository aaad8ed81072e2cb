"""What brings a lead back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """Why a letter is written."""

    LINK = "link"
    REMINDER = "reminder"


@dataclass(frozen=True)
class ResumeLetter:
    """One letter, sent once. `recipient` is empty for a reminder to a lead whose address is not known: it is not sent."""

    id: UUID
    conversation_id: UUID
    kind: Kind
    recipient: str
    created_at: datetime
    """When the lead asked for it, or was found at rest."""


@dataclass(frozen=True)
class KeptLetter:
    """What is kept of a letter: to whom, when, and whether it went out."""

    kind: str
    recipient: str
    created_at: datetime
    sent_at: datetime | None
    failure: str | None


@dataclass(frozen=True)
class ResumingSettings:
    """Whether unfinished conversations are reminded, and after how many hours of rest."""

    remind: bool = True
    remind_after_hours: int = 20
