"""What other domains and the edge see of agencies and staff."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Tenant:
    """An agency. `brand` holds what its documents and pages look like."""

    id: UUID
    slug: str
    name: str
    locale: str
    sector: str
    brand: Mapping[str, Any]


@dataclass(frozen=True)
class User:
    """A staff member of an agency."""

    tenant_id: UUID
    id: UUID
    email: str
    name: str
    role: str
    created_at: datetime
    deactivated_at: datetime | None = None
    """Since when they can't log in any more."""


@dataclass(frozen=True)
class Account:
    """A staff member together with the password's hash; never leaves this domain."""

    user: User
    password_hash: str = field(repr=False)


class SessionKind(StrEnum):
    """Who holds a session: a program with tokens, or a browser with a cookie."""

    API = "api"
    CONSOLE = "console"


_LONGEST_IDLE = {SessionKind.CONSOLE: timedelta(hours=8), SessionKind.API: timedelta(days=7)}
"""How long a session may lie unused. A program that works more seldom has an API key."""


@dataclass(frozen=True)
class Device:
    """Where a session is used from, as its owner recognises it: the network, not the whole address, and the program's own name."""

    network: str
    program: str


@dataclass(frozen=True)
class Session:
    """A staff member's login on one device."""

    id: UUID
    user: User
    kind: str
    refresh_hash: bytes = field(repr=False)
    device: bytes | None = field(repr=False)
    """A sealed `Device`."""
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    def is_open(self, at: datetime) -> bool:
        """Whether the session still counts at that time."""
        rested = at >= self.last_used_at + _LONGEST_IDLE[SessionKind(self.kind)]
        return self.revoked_at is None and at < self.expires_at and not rested and self.user.deactivated_at is None


@dataclass(frozen=True)
class OpenSession:
    """A session as its owner sees it. `device` is None for one that was opened before devices were noted."""

    id: UUID
    kind: str
    device: Device | None
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Invitation:
    """Somebody asked to join the team. `round` counts the letters: only the last one's link works."""

    tenant_id: UUID
    id: UUID
    email: str
    name: str
    role: str
    round: int
    invited_by: UUID
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None = None
    withdrawn_at: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        """Whether it can be accepted at that time."""
        return self.accepted_at is None and self.withdrawn_at is None and at < self.expires_at


@dataclass(frozen=True)
class PasswordReset:
    """Somebody forgot their password."""

    tenant_id: UUID
    id: UUID
    user_id: UUID
    expires_at: datetime
    used_at: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        """Whether its link still works at that time."""
        return self.used_at is None and at < self.expires_at


@dataclass(frozen=True)
class ApiKey:
    """With what a program of the agency's calls. The key itself is shown once and then nowhere."""

    tenant_id: UUID
    id: UUID
    prefix: str
    digest: bytes = field(repr=False)
    name: str
    scopes: tuple[str, ...]
    created_by: UUID
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None

    def is_good(self, at: datetime) -> bool:
        """Whether it opens anything at that time."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)


@dataclass(frozen=True)
class UserPage:
    """Some users; `next_cursor` asks for those after them, None when there are none."""

    items: tuple[User, ...]
    next_cursor: str | None
