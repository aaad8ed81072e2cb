"""What a strategy is, and what other domains get to see of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from markezy.leads.api import QualifiedLead
from markezy.strategies.typefaces import DEFAULT, FontKey, font_key

PDF = "application/pdf"


class StrategyStatus(StrEnum):
    """How far a strategy has come; deliveries have their own status."""

    GENERATED = "generated"
    CHECKED = "checked"
    """Nothing is wrong with it, or staff said that it may go."""
    HELD = "held"
    """Something is wrong with it; staff decide."""
    SET_ASIDE = "set_aside"
    """Something was wrong with it, and another edition took its place; or staff discarded it."""
    RENDERED = "rendered"


class DeliveryChannel(StrEnum):
    CHAT = "chat"
    EMAIL = "email"


class DocumentKind(StrEnum):
    """What is made of a strategy."""

    STRATEGY = "strategy"
    """The lead's."""
    BRIEFING = "briefing"
    """The team's own."""


class OutcomeKind(StrEnum):
    """What became of a strategy. Of `won` and `lost` the one told last stands."""

    OPENED = "opened"
    DOWNLOADED = "downloaded"
    MEETING_BOOKED = "meeting_booked"
    WON = "won"
    LOST = "lost"


class OutcomeSource(StrEnum):
    """Who told."""

    LEAD = "lead"
    """They did it themselves."""
    STAFF = "staff"
    CRM = "crm"


@dataclass(frozen=True)
class Strategy:
    """A written strategy, one of the lead's editions. `html` is the content without cover and page frame.

    `document` is the same as sections of blocks, `inputs` what it was made from, both as JSON and None for strategies from before
    layers; `findings` what the check had to say, as JSON; `model` is the language model that helped, if any.
    """

    id: UUID
    lead_id: UUID
    edition: int
    status: str
    title: str
    locale: str
    html: str = field(repr=False)
    document: Any = field(repr=False)
    inputs: Any = field(repr=False)
    findings: Any = field(repr=False)
    model: str | None
    content_hash: bytes = field(repr=False)
    created_at: datetime


class DeliveryStatus(StrEnum):
    """How far a delivery has come."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    WITHHELD = "withheld"
    """Nothing was sent, for a reason of the lead's."""
    BOUNCED = "bounced"
    """It was sent, and came back for good."""
    COMPLAINED = "complained"
    """It was sent, and the lead told their provider that it is spam."""


NO_CONSENT = "no_consent"
"""Why a delivery was withheld, if not for one of the reasons of the suppression list."""


@dataclass(frozen=True)
class Delivery:
    """One way to the lead. `reason` says why it was withheld: `no_consent`, or why the address gets no mail; None for those of long ago."""

    channel: str
    status: str
    recipient: str
    sent_at: datetime | None
    last_error: str | None
    reason: str | None


@dataclass(frozen=True)
class Outcome:
    """Something that became of a strategy; only `won` may have an amount."""

    kind: str
    at: datetime
    source: str
    amount: Decimal | None = None
    currency: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The same with the amount as exact text."""
        return {**vars(self), "amount": None if self.amount is None else str(self.amount)}


@dataclass(frozen=True)
class StrategySummary:
    """A strategy as a line of a list, with its deliveries and outcomes.

    `findings` counts what the check had to say; `has_content` is false for strategies from before layers, which can't be explained.
    """

    id: UUID
    lead_id: UUID
    edition: int
    title: str
    status: str
    locale: str
    created_at: datetime
    has_pdf: bool
    has_content: bool
    findings: int
    model: str | None
    deliveries: tuple[Delivery, ...]
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class CrmStrategy:
    """What a CRM is told: the title, a short HTML text for a note, and the lead."""

    strategy_id: UUID
    title: str
    html_summary: str
    lead: QualifiedLead


@dataclass(frozen=True)
class Agency:
    """The agency as its documents show it. `logo` is a file in base64, of `logo_type`; both are empty without one.

    `font` is the key of the typeface they are set in.
    """

    name: str
    color: str
    email: str | None
    website: str | None
    phone: str | None = None
    address: tuple[str, ...] = ()
    logo: str = field(default="", repr=False)
    logo_type: str = ""
    font: FontKey = DEFAULT

    @staticmethod
    def of(name: str, brand: Mapping[str, Any]) -> "Agency":
        """From the tenant's name and brand; what is missing or malformed in the brand falls back to neutral."""
        color = brand.get("color")
        logo, logo_type = _logo(brand.get("logo"))
        return Agency(
            name=name,
            color=color if isinstance(color, str) and _is_color(color) else NEUTRAL_COLOR,
            email=_text(brand.get("email")),
            website=_text(brand.get("website")),
            phone=_text(brand.get("phone")),
            address=_lines(brand.get("address")),
            logo=logo,
            logo_type=logo_type,
            font=font_key(brand.get("font")),
        )


NEUTRAL_COLOR = "#24364b"
LARGEST_LOGO = 100_000
"""Bytes; each strategy keeps the logo it was written with."""
MOST_ADDRESS_LINES = 4


def _is_color(value: str) -> bool:
    return len(value) == 7 and value[0] == "#" and all(digit in "0123456789abcdefABCDEF" for digit in value[1:])


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _lines(value: object) -> tuple[str, ...]:
    lines = filter(None, map(_text, value)) if isinstance(value, list) else ()
    return tuple(lines)[:MOST_ADDRESS_LINES]


def _logo(value: object) -> tuple[str, str]:
    if not isinstance(value, Mapping):
        return "", ""
    body, media_type = value.get("data"), value.get("media_type")
    if not isinstance(body, str) or not isinstance(media_type, str) or len(body) > LARGEST_LOGO * 4 / 3 + 4:
        return "", ""
    return body, media_type
