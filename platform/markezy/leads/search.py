"""Finding leads by words although everything they said is sealed: by keyed digests of the words (docs/record.md)."""

import re
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy import Connection

from markezy.kernel import personal
from markezy.kernel.events import Event
from markezy.leads.fold import transcript_entry
from markezy.leads.model import Lead

_CONTACT, _SAID, _PHONE = "lead.contact", "lead.said", "lead.phone"
_SHORTEST_BEGINNING = 2
_MOST_FOUND = 1000
"""Leads one search can lead to; the latest count."""
_TELLING_DIGITS = 8
"""The last digits of a phone number: the same with and without country code."""
_PHONE_SHAPED = re.compile(r"[\d\s().+/-]{6,}")


def index_contacts(connection: Connection, tenant_id: UUID, leads: Iterable[Lead]) -> None:
    """Let these leads be found by who they are now, and no longer by who they were."""
    known = [one for one in leads if one.erased_at is None]
    ids = [one.id for one in known]
    if not ids:
        return
    words = [
        (one.id, beginning)
        for one in known
        for text in (one.name, one.email, one.company)
        for word in personal.words_of(text or "")
        for beginning in _beginnings(word)
    ]
    personal.replace_words(connection, tenant_id, _CONTACT, ids, words)
    phones = [(one.id, digits) for one in known if (digits := _digits(one.phone or ""))]
    personal.replace_words(connection, tenant_id, _PHONE, ids, phones)


def index_said(connection: Connection, tenant_id: UUID, leads: dict[UUID, UUID], events: Sequence[Event]) -> None:
    """Let leads (by conversation) be found by what they and the team said in these events."""
    said = [
        (leads[event.stream_id], word)
        for event in events
        if event.stream_id in leads and (entry := transcript_entry(event)) is not None and entry.sender != "assistant"
        for word in personal.words_of(entry.text)
    ]
    personal.index_words(connection, tenant_id, _SAID, said)


def found_by_words(connection: Connection, tenant_id: UUID, text: str) -> list[UUID]:
    """Leads that have every word of `text`: in their contact details as a beginning, in what was said as a whole word."""
    if _PHONE_SHAPED.fullmatch(text.strip()) and (digits := _digits(text)):
        return personal.leads_with(connection, tenant_id, (_PHONE,), digits, _MOST_FOUND)
    return personal.leads_with(connection, tenant_id, (_CONTACT, _SAID), text, _MOST_FOUND)


def forget(connection: Connection, tenant_id: UUID, lead_ids: Collection[UUID]) -> None:
    """Let nobody find these leads any more."""
    personal.forget_words(connection, tenant_id, lead_ids)


def _beginnings(word: str) -> Iterable[str]:
    return (word[:length] for length in range(min(_SHORTEST_BEGINNING, len(word)), len(word) + 1))


def _digits(phone: str) -> str:
    digits = "".join(char for char in phone if char.isdecimal())
    return digits[-_TELLING_DIGITS:] if len(digits) >= 6 else ""
