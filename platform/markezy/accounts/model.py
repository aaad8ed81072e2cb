"""What other domains and the edge see of agencies and staff."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
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


@dataclass(frozen=True)
class Account:
    """A staff member together with the password's hash; never leaves this domain."""

    user: User
    password_hash: str = field(repr=False)


@dataclass(frozen=True)
class Session:
    """A staff member's login on one device."""

    id: UUID
    user: User
    refresh_hash: bytes = field(repr=False)
    expires_at: datetime
    revoked_at: datetime | None

    def is_open(self, at: datetime) -> bool:
        """Whether the session still counts at that time."""
        return self.revoked_at is None and at < self.expires_at


@dataclass(frozen=True)
class UserPage:
    """Some users; `next_cursor` asks for those after them, None when there are none."""

    items: tuple[User, ...]
    next_cursor: str | None
