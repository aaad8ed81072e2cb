"""What a sync sends, in the CRMs' common words, and what can go wrong with it."""

from dataclasses import dataclass, field
from decimal import Decimal
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


class CrmError(Exception):
    """The CRM can't be reached or is busy now: worth another try. The text holds no personal data."""


class CrmRefused(CrmError):
    """The CRM understood and said no (credentials, scopes, validation): another try of the same would fail too."""


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
