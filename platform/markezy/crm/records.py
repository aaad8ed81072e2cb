"""From a finished strategy to the records a CRM keeps of it."""

from decimal import Decimal, InvalidOperation
from typing import Any

from markezy.crm.model import Contact, Deal, Note
from markezy.crm.service import Records
from markezy.strategies.api import CrmStrategy


def records_of(strategy: CrmStrategy) -> Records:
    """Contact, deal and note; answers to questions a flow does not ask are simply absent."""
    lead = strategy.lead
    answers = {answer.question: answer for answer in lead.answers}

    def display(question: str) -> str | None:
        return answers[question].display if question in answers else None

    contact = Contact(
        email=lead.contact.email or "",
        name=lead.contact.name,
        company=lead.contact.company,
        phone=lead.contact.phone,
        website=display("website"),
        city=display("city"),
    )
    budget = answers["budget"].value if "budget" in answers else None
    who = lead.contact.company or lead.contact.name
    name = strategy.title if not who or who in strategy.title else f"{who} – {strategy.title}"
    return Records(
        contact=contact,
        deal=Deal(reference=lead.lead_id, name=name, amount=_amount(budget)),
        note=Note(reference=strategy.strategy_id, html=strategy.html_summary),
    )


def _amount(value: Any) -> Decimal | None:
    raw = value.get("amount") if isinstance(value, dict) else value
    try:
        return None if raw is None else Decimal(str(raw))
    except InvalidOperation:
        return None
