"""What a consent is. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

CONTACT = "contact"
"""To keep who the lead is, to write to them, and to hand them on to the agency's CRM."""
STRATEGY = "strategy"
"""To write a strategy from the answers."""


class Decision(StrEnum):
    """What a lead said, or had said for them, about one purpose."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Asked:
    """One consent question of a flow version: what for, and with which version of the purpose's text."""

    question: str
    purpose: str
    version: int


@dataclass(frozen=True)
class ConsentText:
    """A version of what leads are asked for a purpose. It never changes."""

    purpose: str
    version: int
    texts: Mapping[str, str]
    """By locale."""
    created_at: datetime
    created_by: UUID | None


@dataclass(frozen=True)
class Renewal:
    """A question that has to be asked again, because its purpose's text was changed after the lead had agreed."""

    question: str
    purpose: str
    version: int
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Receipt:
    """One decision, with what proves it."""

    id: UUID
    """The event's."""
    lead_id: UUID
    purpose: str
    decision: Decision
    version: int | None
    """Of the text; None when the purpose had none, or for a withdrawal, which needs no text."""
    locale: str | None
    text: str | None
    """Word for word what the lead was asked, before answers were put in."""
    channel: str
    actor: str
    """Who said it: `visitor`, or `staff:<user id>` on the lead's behalf."""
    at: datetime
    stream_id: UUID
    stream_version: int
    hash: bytes | None
    """Of the event, which chains it to everything before it in its stream (docs/decisions/0011-trusted-record.md)."""


def newer(
    asked: Mapping[str, Asked], agreed: Mapping[str, int], published: Mapping[str, ConsentText]
) -> list[tuple[str, ConsentText]]:
    """The questions of `asked` whose purpose has a later text in what is `published` now than the lead agreed to.

    `agreed`: versions of texts that were asked instead of the flow version's own, by question.
    """
    return [
        (question, published[one.purpose])
        for question, one in asked.items()
        if one.purpose in published and published[one.purpose].version > agreed.get(question, one.version)
    ]
