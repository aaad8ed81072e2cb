"""Our words in HubSpot's."""

from datetime import datetime
from typing import Any
from uuid import UUID

from markezy.crm.model import Contact, Deal, Note

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
