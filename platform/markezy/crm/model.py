"""What a sync sends and what comes back, in the CRMs' common words, and what can go wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class Contact:
    """A person; `email` identifies them in the CRM."""

    email: str
    name: str | None = None
    company: str | None = None
    phone: str | None = None
    website: str | None = None
    city: str | None = None


@dataclass(frozen=True)
class Deal:
    """A sales opportunity; `reference` identifies it over retries. `amount` is the monthly budget the lead named."""

    reference: UUID
    name: str
    amount: Decimal | None = None


@dataclass(frozen=True)
class Note:
    """A text attached to contact and deal; `reference` identifies it over retries."""

    reference: UUID
    html: str


@dataclass(frozen=True)
class Traces:
    """What a sync may have left of a lead in a CRM: ids, and where one never arrived, what its record is found by."""

    contact_id: str | None
    deal_id: str | None
    note_id: str | None
    email: str | None = field(repr=False)
    """Of the contact; None when the id is known, or no contact was ever sent."""
    lead_id: UUID
    strategy_id: UUID


class Closed(StrEnum):
    """How a deal ended."""

    WON = "won"
    LOST = "lost"


@dataclass(frozen=True)
class DealNow:
    """What a CRM says of one of our deals. `id` is the one we know it by; when it was merged, `merged_with` are all ids of
    what it has become a part of, the present one first.

    `amount` has no currency when the account has but one. `meeting_at` is when the last meeting takes place that was booked.
    """

    id: str
    closed: Closed | None = None
    closed_at: datetime | None = None
    amount: Decimal | None = None
    currency: str | None = None
    meeting_at: datetime | None = None
    merged_with: tuple[str, ...] = ()


class CrmError(Exception):
    """The CRM can't be reached or is busy now: worth another try, after so many seconds if it says so. The text holds no personal data."""

    def __init__(self, text: str, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class CrmRefused(CrmError):
    """The CRM understood and said no (credentials, scopes, validation): another try of the same would fail too."""


DEALS_AT_ONCE = 100
"""How many deals a client reads in one call: what HubSpot's batches hold."""


class CrmClient(Protocol):
    """What each vendor's client can do. Every method is safe to repeat: it finds what an earlier try created."""

    def prepare(self) -> None:
        """Create the properties that the sync relies on, where they are missing."""

    def upsert_contact(self, contact: Contact) -> str:
        """Create or update by e-mail; the CRM's id."""

    def ensure_deal(self, deal: Deal, contact_id: str) -> str:
        """Find by reference or create, attached to the contact; the CRM's id."""

    def ensure_note(self, note: Note, contact_id: str, deal_id: str) -> str:
        """Find by reference or create, attached to contact and deal; the CRM's id."""

    def erase(self, traces: Traces) -> int:
        """Remove contact (for good), deal and note; how many they were. Those that are gone already are fine."""

    def read_deals(self, deal_ids: Sequence[str]) -> list[DealNow]:
        """These deals, at most `DEALS_AT_ONCE`, as they are now; without those that the CRM no longer has."""

    def home_currency(self) -> str | None:
        """The currency of amounts that name none; None when the account doesn't say."""
