"""Everything that is kept of a lead, gathered from the domains: the members of `data.json` (docs/privacy.md) and the files beside it.

`KEPT_IN` and `LEFT_OUT` hold a decision about every table that has rows of a lead; tests/markezy/privacy/test_export.py derives
the tables from the database, so that a new one without a decision fails the build.
"""

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from markezy.accounts import api as accounts
from markezy.consents import api as consents
from markezy.crm import api as crm
from markezy.flows import api as flows
from markezy.handover import api as handover
from markezy.kernel.clock import now
from markezy.kernel.errors import NotFound
from markezy.kernel.events import Event
from markezy.leads import api as leads
from markezy.privacy.model import LeadExport
from markezy.resuming import api as resuming
from markezy.strategies import api as strategies

FORMAT = 1
"""Of `data.json`: counted up when a member changes its meaning."""

KEPT_IN: Mapping[str, str] = {
    "lead": "lead",
    "lead_answer": "answers",
    "event": "events",
    "conversation": "conversations",
    "inbox": "messages_taken",
    "upload": "files",
    "strategy": "strategies",
    "strategy_document": "strategies",
    "delivery": "strategies",
    "strategy_outcome": "strategies",
    "crm_sync": "crm_syncs",
    "handover": "handovers",
    "handover_news": "staff_messages",
    "resume_letter": "letters",
    "lead_export": "exports",
    "consent_receipt": "consents",
}
"""By table the member of `data.json` that holds its rows."""

LEFT_OUT: Mapping[str, str] = {
    "lead_key": "the keys that open the rest; handed out they would protect nothing any more",
    "blind_index": "keyed digests of words that stand in `events`",
    "stream_head": "how many events there are; they are all in `events`",
    "idempotency_key": "answers kept for a day in case a request is repeated; they say again what stands in the rest",
    "strategy_composition": "which of the agency's texts a strategy was made of; what these said is in the strategy",
    "audit_entry": "what members of staff did; it tells of them",
    "erasure": "there is none of a lead that can still be handed out",
}
"""By table why its rows are not in the archive."""

_ANSWERS = "qualification.answer_"
_UNSAFE = re.compile(r"[^\w .()+-]")


@dataclass(frozen=True)
class Contents:
    """What the archive is made of: the agency, the lead, the members of `data.json`, and the files by their names in the archive."""

    agency: accounts.Tenant
    lead: leads.Lead
    made_at: datetime
    members: Mapping[str, Any]
    files: Mapping[str, bytes]

    def as_json(self) -> bytes:
        """The members as `data.json`."""
        return json.dumps(self.members, ensure_ascii=False, indent=2, default=_plain).encode()


def collect(connection: Connection, tenant_id: UUID, lead_id: UUID, exports: Iterable[LeadExport]) -> Contents:
    """All that is kept of the lead at this moment."""
    agency, lead = accounts.tenant(connection, tenant_id), leads.get_lead(connection, tenant_id, lead_id)
    events = leads.events_of(connection, tenant_id, lead_id)
    handovers, news = handover.all_of(connection, tenant_id, lead.conversation_id)
    written, files = _strategies(connection, tenant_id, lead_id)
    sent, sent_files = _files(connection, tenant_id, lead)
    made_at = now()
    members = {
        "about": {"format": FORMAT, "made_at": made_at, "agency": agency.name, "agency_id": tenant_id, "lead_id": lead_id},
        "lead": {name: value for name, value in vars(lead).items() if name != "answers"},
        "answers": [vars(answer) for answer in lead.answers],
        "answer_history": [_happened(event) for event in events if event.type.startswith(_ANSWERS)],
        "consents": _consents(connection, tenant_id, lead, events),
        "transcript": [_entry(entry) for entry in leads.transcript(connection, tenant_id, lead_id)],
        "files": sent,
        "strategies": written,
        "crm_syncs": [vars(sync) for sync in crm.syncs_of_lead(connection, tenant_id, lead_id)],
        "handovers": [vars(one) for one in handovers],
        "staff_messages": [vars(one) for one in news],
        "letters": [vars(one) for one in resuming.letters_of(connection, tenant_id, lead.conversation_id)],
        "exports": [{name: value for name, value in vars(one).items() if name != "lead_id"} for one in exports],
        "conversations": [vars(one) for one in leads.conversations_of(connection, tenant_id, lead_id)],
        "messages_taken": [vars(one) for one in leads.messages_taken(connection, tenant_id, lead)],
        "events": [_event(event) for event in events],
    }  # fmt: skip
    return Contents(agency, lead, made_at, members, files | sent_files)


def _strategies(
    connection: Connection, tenant_id: UUID, lead_id: UUID
) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    written, files = [], {}
    for number, one in enumerate(strategies.of_lead(connection, tenant_id, lead_id), start=1):
        name = f"strategies/{number}-{_safe(one.title)}.pdf" if one.has_pdf else None
        if name is not None:
            files[name] = strategies.pdf(connection, tenant_id, one.id)
        with suppress(NotFound):
            files[f"strategies/{number}-briefing.pdf"] = strategies.briefing(connection, tenant_id, one.id)
        html = strategies.html(connection, tenant_id, one.id)
        written.append(
            {
                **vars(one), "deliveries": [vars(sent) for sent in one.deliveries],
                "outcomes": [became.as_json() for became in one.outcomes], "html": html, "in_archive": name,
            }
        )  # fmt: skip
    return written, files


def _files(connection: Connection, tenant_id: UUID, lead: leads.Lead) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    sent, files = [], {}
    for number, one in enumerate(leads.files_of(connection, tenant_id, lead), start=1):
        name = f"files/{number}-{_safe(one.name)}"
        files[name] = one.body
        sent.append({key: value for key, value in vars(one).items() if key != "body"} | {"in_archive": name})
    return sent, files


def _consents(
    connection: Connection, tenant_id: UUID, lead: leads.Lead, events: Iterable[Event]
) -> list[dict[str, Any]]:
    """What the lead consented to, refused or took back, in order and with the words they were asked; answers of conversations
    from before decisions were recorded by themselves.
    """
    receipts = consents.receipts_of(connection, tenant_id, lead.id)
    if receipts:
        return [{**vars(one), "hash": one.hash and one.hash.hex()} for one in reversed(receipts)]
    # The questions are read as they were published: a definition of long ago may not be valid by today's rules.
    questions = flows.get_version(connection, tenant_id, lead.flow_version_id).definition.get("questions", {})
    asking = {id_ for id_, question in questions.items() if question.get("type") == "consent"}
    return [
        _happened(event) for event in events if event.type.startswith(_ANSWERS) and event.data.get("question") in asking
    ]


def _happened(event: Event) -> dict[str, Any]:
    return {"at": event.occurred_at, "what": event.type, **event.data}


def _entry(entry: leads.TranscriptEntry) -> dict[str, Any]:
    shown = {name: value for name, value in asdict(entry).items() if name != "sender" and value not in (None, ())}
    return {"from": entry.sender, **shown}


def _event(event: Event) -> dict[str, Any]:
    return {name: value for name, value in vars(event).items() if name != "tenant_id"}


def _safe(name: str) -> str:
    """A name that no program which unpacks the archive takes for a path."""
    return _UNSAFE.sub("_", name).strip(" .")[:80] or "file"


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} can't be written as JSON")
