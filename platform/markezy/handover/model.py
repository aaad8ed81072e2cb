"""What a handover is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID

from markezy.handover.office_hours import Hours
from markezy.leads.api import LeadSummary

Item = TypeVar("Item")

LONGEST_TEXT = 4000
"""Characters of a message, in either direction; the bot takes no more."""


class Status(StrEnum):
    """Where a handover stands."""

    WAITING = "waiting"
    """The lead waits for somebody."""
    TALKING = "talking"
    AWAY = "away"
    """The lead was told that nobody can come. With a message, it waits in the inbox until staff close it."""
    CLOSED = "closed"


OPEN = (Status.WAITING, Status.TALKING, Status.AWAY)


@dataclass(frozen=True)
class Handover:
    """One time a person was asked for, or came by themselves.

    `reason` is the engine's (`asked`, `misunderstood`, `rule`, `review` of a refusal), `staff` when nobody asked, `message` when
    only a message came.
    """

    id: UUID
    conversation_id: UUID
    lead_id: UUID
    status: str
    reason: str
    message: str | None
    requested_at: datetime
    taken_at: datetime | None = None
    taken_by: UUID | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True)
class InboxEntry:
    """A handover as the inbox shows it: with whose it is. `taken_by_name` is the staff member's full name.

    `lead` is None for the moment in which the read model of leads is behind.
    """

    handover: Handover
    lead: LeadSummary | None
    taken_by_name: str | None


@dataclass(frozen=True)
class News:
    """One thing for the lead to hear. Neither delivered nor failed: on its way. `failure` names no personal data."""

    id: UUID
    conversation_id: UUID
    handover_id: UUID | None
    intent: str
    data: Mapping[str, Any]
    created_at: datetime
    delivered_at: datetime | None = None
    failure: str | None = None

    @property
    def status(self) -> str:
        """`pending`, `delivered` or `failed`."""
        return "delivered" if self.delivered_at else "failed" if self.failure else "pending"


@dataclass(frozen=True)
class HandoverSettings:
    """When somebody is there, who is told, and after how many seconds a waiting lead hears that nobody is free."""

    timezone: str = "UTC"
    office_hours: Hours | None = field(default=None)
    """None: always open."""
    notify_email: str = ""
    """Empty: everybody who may answer."""
    answer_seconds: int = 180


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some items of a list; `next_cursor` asks for those after them, None when there are none."""

    items: tuple[Item, ...]
    next_cursor: str | None
