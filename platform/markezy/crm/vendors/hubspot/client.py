"""HubSpot over HTTP: private-app token, CRM v3 objects, JSON."""

from collections.abc import Sequence, Set
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

import requests

from markezy.crm.model import Contact, CrmError, CrmRefused, Deal, DealNow, Note, Traces
from markezy.crm.vendors.hubspot import mapper
from markezy.kernel.clock import now
from markezy.kernel.outgoing import check_url, session

_TIMEOUT = (3.05, 20)
"""Seconds to connect and to wait for an answer; HubSpot's slowest documented answers stay below 10 s."""

_UNEXPECTED = "HubSpot's answer has an unexpected form."
_NOT_JSON = (ValueError, RecursionError)
"""What reading an answer ends with that is no JSON, or nested or long beyond reason."""
_LONGEST_WAIT = 24 * 3600.0
"""Seconds that a CRM may have us wait: its longest limit is one a day."""


class HubSpotClient:
    """One connection's client. Not for sharing between threads."""

    def __init__(
        self,
        base_url: str,
        token: str,
        correlation_id: str,
        private_hosts: Set[str] = frozenset(),
        timeout: tuple[float, float] = _TIMEOUT,
    ) -> None:
        check_url(base_url, private_hosts)
        self._timeout = timeout
        self._base_url = base_url.rstrip("/")
        self._session = session(private_hosts)
        self._session.headers.update({"Authorization": f"Bearer {token}", "X-Correlation-Id": correlation_id})

    def prepare(self) -> None:
        answer = self._send("GET", f"/crm/v3/properties/deals/{mapper.DEAL_REFERENCE}", accept=(404,))
        if answer is None:
            # 409: another worker created it a moment ago.
            self._send("POST", "/crm/v3/properties/deals", mapper.DEAL_REFERENCE_PROPERTY, accept=(409,))

    def upsert_contact(self, contact: Contact) -> str:
        properties = mapper.contact_properties(contact)
        body = {"inputs": [{"idProperty": "email", "id": contact.email, "properties": properties}]}
        answer = self._send("POST", "/crm/v3/objects/contacts/batch/upsert", body)
        if not answer or not answer.get("results"):
            raise CrmRefused("HubSpot did not accept the contact.")
        return str(answer["results"][0]["id"])

    def ensure_deal(self, deal: Deal, contact_id: str) -> str:
        found = self._find_deal(deal.reference)
        if found:
            return found
        answer = self._send("POST", "/crm/v3/objects/deals", mapper.deal_body(deal, contact_id), accept=(409,))
        deal_id = str(answer["id"]) if answer else self._find_deal(deal.reference)
        if deal_id is None:
            raise CrmError("HubSpot reports the deal as existing but does not show it yet.")
        return deal_id

    def ensure_note(self, note: Note, contact_id: str, deal_id: str) -> str:
        found = self._find_note(note.reference, deal_id)
        if found:
            return found
        answer = self._send("POST", "/crm/v3/objects/notes", mapper.note_body(note, contact_id, deal_id, now()))
        if not answer:
            raise CrmError("HubSpot gave no answer for the note.")
        return str(answer["id"])

    def erase(self, traces: Traces) -> int:
        contact_id, deal_id, note_id = self._trace(traces)
        if note_id is not None:
            self._send("DELETE", f"/crm/v3/objects/notes/{quote(note_id)}", accept=(404,))
        if deal_id is not None:
            self._send("DELETE", f"/crm/v3/objects/deals/{quote(deal_id)}", accept=(404,))
        if contact_id is not None:
            # Not a DELETE, which only archives: HubSpot forgets the contact and refuses its address from then on.
            self._send("POST", "/crm/v3/objects/contacts/gdpr-delete", {"objectId": contact_id}, accept=(404,))
        return sum(one is not None for one in (contact_id, deal_id, note_id))

    def read_deals(self, deal_ids: Sequence[str]) -> list[DealNow]:
        body = {"properties": list(mapper.READ_OF_DEALS), "inputs": [{"id": deal_id} for deal_id in deal_ids]}
        # 207, not 404, when some are deleted: those are simply not among the results.
        answer = self._send("POST", "/crm/v3/objects/deals/batch/read", body) or {}
        try:
            return mapper.deals_now(deal_ids, answer["results"])
        except (KeyError, TypeError, AttributeError):
            raise CrmError(_UNEXPECTED) from None

    def home_currency(self) -> str | None:
        # 403: the token may read deals and nothing of the account.
        answer = self._send("GET", "/account-info/v3/details", accept=(403, 404)) or {}
        currency = answer.get("companyCurrency")
        return currency if isinstance(currency, str) else None

    def _trace(self, traces: Traces) -> tuple[str | None, str | None, str | None]:
        """The ids of contact, deal and note. Each is made only when the one before it is known: what has none is looked for once."""
        contact_id, deal_id, note_id = traces.contact_id, traces.deal_id, traces.note_id
        if contact_id is None:
            return (None if traces.email is None else self._find_contact(traces.email)), deal_id, note_id
        if deal_id is None:
            deal_id = self._find_deal(traces.lead_id)
        if note_id is None and deal_id is not None:
            note_id = self._find_note(traces.strategy_id, deal_id)
        return contact_id, deal_id, note_id

    def _find_contact(self, email: str) -> str | None:
        # In the body and not in the address, which servers on the way may write down.
        body = {"idProperty": "email", "properties": ["email"], "inputs": [{"id": email}]}
        found = (self._send("POST", "/crm/v3/objects/contacts/batch/read", body) or {}).get("results", [])
        return str(found[0]["id"]) if found else None

    def _find_deal(self, reference: UUID) -> str | None:
        path = f"/crm/v3/objects/deals/{reference}?idProperty={mapper.DEAL_REFERENCE}"
        answer = self._send("GET", path, accept=(404,))
        return str(answer["id"]) if answer else None

    def _find_note(self, reference: UUID, deal_id: str) -> str | None:
        deal = self._send("GET", f"/crm/v3/objects/deals/{quote(deal_id)}?associations=notes", accept=(404,)) or {}
        ids = [item["id"] for item in deal.get("associations", {}).get("notes", {}).get("results", [])]
        if not ids:
            return None
        body = {"properties": ["hs_note_body"], "inputs": [{"id": note_id} for note_id in ids]}
        read = self._send("POST", "/crm/v3/objects/notes/batch/read", body) or {}
        marker = mapper.note_marker(reference)
        for item in read.get("results", []):
            if marker in (item["properties"].get("hs_note_body") or ""):
                return str(item["id"])
        return None

    def _send(
        self, method: str, path: str, body: dict[str, Any] | None = None, accept: tuple[int, ...] = ()
    ) -> dict[str, Any] | None:
        """The answer's JSON, or None for a status in `accept`."""
        try:
            answer = self._session.request(
                method, self._base_url + path, json=body, timeout=self._timeout, allow_redirects=False
            )
        except requests.RequestException as error:
            raise CrmError(f"HubSpot can't be reached ({type(error).__name__}).") from None
        if answer.status_code in accept:
            return None
        if answer.status_code == 204:
            return None
        if 200 <= answer.status_code < 300:
            return _json(answer)
        _raise(answer)
        return None


def _json(answer: requests.Response) -> dict[str, Any]:
    try:
        parsed = answer.json()
    except _NOT_JSON:
        raise CrmError("HubSpot's answer is not JSON.") from None
    if not isinstance(parsed, dict):
        raise CrmError(_UNEXPECTED)
    return parsed


def _raise(answer: requests.Response) -> None:
    try:
        category = str(answer.json().get("category", ""))
    except (*_NOT_JSON, AttributeError):
        category = ""
    # The message itself may quote the lead's data; status and category say enough.
    text = f"HubSpot answered {answer.status_code} {category}".strip() + "."
    if answer.status_code == 429 or answer.status_code >= 500:
        raise CrmError(text, _retry_after(answer))
    raise CrmRefused(text)


def _retry_after(answer: requests.Response) -> float | None:
    """What `Retry-After` says, in seconds: it is a number of them, or a time."""
    value = answer.headers.get("Retry-After", "")
    try:
        seconds = float(value) if value.isdecimal() else (_aware(parsedate_to_datetime(value)) - now()).total_seconds()
    except ValueError:
        return None
    return min(max(seconds, 0.0), _LONGEST_WAIT)


def _aware(time: datetime) -> datetime:
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)
