"""Our words in HubSpot's."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from markezy.crm.model import Closed, Contact, Deal, DealNow, Note

DEAL_REFERENCE = "markezy_lead_id"
"""The unique deal property that finds a lead's deal again."""

DEAL_REFERENCE_PROPERTY = {
    "name": DEAL_REFERENCE,
    "label": "Markezy lead",
    "type": "string",
    "fieldType": "text",
    "groupName": "dealinformation",
    "hasUniqueValue": True,
}

_MEETING = "engagements_last_meeting_booked"
_MERGED = "hs_merged_object_ids"
READ_OF_DEALS = ("hs_is_closed", "hs_is_closed_won", "closedate", "amount", "deal_currency_code", _MEETING, _MERGED)
"""Not the stage: its names are the account's own, `hs_is_closed…` says of every pipeline what they mean."""

_YEARS = range(2000, 2200)
_NO_AMOUNT = Decimal(10) ** 15
"""From here on it is a slip, and writing it out could fill the memory."""

_DEAL_TO_CONTACT = 3
_NOTE_TO_CONTACT = 202
_NOTE_TO_DEAL = 214
"""Association type ids of HubSpot's own (`HUBSPOT_DEFINED`) associations."""

_LONGEST_NOTE = 65_536
"""Characters HubSpot accepts in `hs_note_body`."""


def contact_properties(contact: Contact) -> dict[str, str]:
    """What is unknown is left out, so that an update never empties what the agency typed."""
    first, _, last = (contact.name or "").partition(" ")
    properties = {
        "email": contact.email,
        "firstname": first,
        "lastname": last,
        "company": contact.company,
        "phone": contact.phone,
        "website": contact.website,
        "city": contact.city,
    }
    return {name: value for name, value in properties.items() if value}


def deal_body(deal: Deal, contact_id: str) -> dict[str, Any]:
    properties = {
        "dealname": deal.name,
        "pipeline": "default",
        "dealstage": "appointmentscheduled",
        DEAL_REFERENCE: str(deal.reference),
    }
    if deal.amount is not None:
        properties["amount"] = f"{deal.amount:f}"
    return {"properties": properties, "associations": [_association(contact_id, _DEAL_TO_CONTACT)]}


def deals_now(asked: Sequence[str], answered: Sequence[dict[str, Any]]) -> list[DealNow]:
    """Of the deals that were asked for those that the answer tells of, whatever else it holds.

    Asked for a deal that was merged, HubSpot answers with the one it is a part of now. KeyError, TypeError or AttributeError when
    the answer is not what HubSpot documents.
    """
    by_id = {str(one["id"]): one["properties"] for one in answered}
    merged = {
        part: (into, *sorted(parts))
        for into, properties in by_id.items()
        for parts in [(properties.get(_MERGED) or "").split(";")]
        for part in parts
    }
    found = []
    for deal_id in dict.fromkeys(asked):
        if deal_id in by_id:
            found.append(_deal_now(deal_id, by_id[deal_id], ()))
        elif deal_id in merged:
            found.append(_deal_now(deal_id, by_id[merged[deal_id][0]], merged[deal_id]))
    return found


def _deal_now(deal_id: str, properties: dict[str, Any], merged_with: tuple[str, ...]) -> DealNow:
    closed = None
    if properties.get("hs_is_closed_won") == "true":
        closed = Closed.WON
    elif properties.get("hs_is_closed") == "true":
        closed = Closed.LOST
    return DealNow(
        deal_id, closed, _time(properties.get("closedate")), _number(properties.get("amount")),
        _currency(properties.get("deal_currency_code")), _time(properties.get(_MEETING)), merged_with,
    )  # fmt: skip


def _time(value: Any) -> datetime | None:
    """HubSpot writes times as ISO 8601, or as milliseconds since 1970."""
    try:
        text = str(value)
        found = datetime.fromtimestamp(int(text) / 1000, UTC) if text.isdecimal() else datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    if found.year not in _YEARS:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _currency(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Any) -> Decimal | None:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and -_NO_AMOUNT < found < _NO_AMOUNT else None


def note_marker(reference: UUID) -> str:
    """The text by which an earlier try's note is recognised."""
    return f"Markezy {reference}"


def note_body(note: Note, contact_id: str, deal_id: str, at: datetime) -> dict[str, Any]:
    marker = f"<p><small>{note_marker(note.reference)}</small></p>"
    return {
        "properties": {
            "hs_note_body": note.html[: _LONGEST_NOTE - len(marker)] + marker,
            "hs_timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        },
        "associations": [_association(contact_id, _NOTE_TO_CONTACT), _association(deal_id, _NOTE_TO_DEAL)],
    }


def _association(to: str, type_id: int) -> dict[str, Any]:
    return {
        "to": {"id": to},
        "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}],
    }
