"""Leads for the tests: what they answered, as the flows record it."""

from typing import Any
from uuid import UUID

from markezy.kernel.ids import new_id
from markezy.leads.api import Contact, QualifiedAnswer, QualifiedLead

CONTACT = Contact("Zoë Martín", "zoe@example.com", "+33 6 12 34 56 78", "Chez Zoë")
ANSWERS = {
    "goal": ("new_customers", "De nouveaux clients"),
    "average_order": (64, "64 €"),
    "channels": (["google_ads", "email"], "Google Ads, E-mail"),
    "audience": ("Familles", "De jeunes familles, à Nîmes & alentour"),
    "team": ("alone", "Moi, à côté du reste"),
    "city": ("Nîmes", "Nîmes"),
    "website": ("https://chez-zoe.example", "https://chez-zoe.example"),
    "timeline": ("now", "Dès que possible"),
    "budget": (2500, "2 500 €"),
}


def lead(
    answers: dict[str, tuple[Any, str]] | None = None,
    contact: Contact = CONTACT,
    locale: str = "fr",
    lead_id: UUID | None = None,
    conversation_id: UUID | None = None,
) -> QualifiedLead:
    """A qualified lead; a French shop with a budget unless told otherwise."""
    given = ANSWERS if answers is None else answers
    return QualifiedLead(
        lead_id or new_id(), conversation_id or new_id(), new_id(), locale, "strategy", 70, contact,
        tuple(QualifiedAnswer(id_, id_.title(), value, display) for id_, (value, display) in given.items()),
    )  # fmt: skip
