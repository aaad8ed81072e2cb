"""Links that leads ask for become letters.

Played again, whenever that may be, the events make the same letters: ids and times are the events' own.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid5

from sqlalchemy import Connection

from markezy.kernel.events import Event
from markezy.kernel.logging import get_logger
from markezy.kernel.outbox import enqueue
from markezy.resuming import repository
from markezy.resuming.model import Kind, ResumeLetter

log = get_logger(__name__)

_MOST_LINKS = 3
_A_DAY = timedelta(days=1)
"""A chat can't be made to send more mail than this to addresses that somebody types into it."""


def project(connection: Connection, tenant_id: UUID, events: Sequence[Event]) -> None:
    """Apply a tenant's next events."""
    for event in events:
        if event.type == "qualification.resume_link_requested":
            _write(connection, tenant_id, event)


def _write(connection: Connection, tenant_id: UUID, event: Event) -> None:
    asked_at = event.occurred_at
    letter = ResumeLetter(uuid5(event.id, "resume_letter"), event.stream_id, Kind.LINK, event.data["email"], asked_at)
    if repository.count_links(connection, tenant_id, event.stream_id, asked_at - _A_DAY, asked_at) >= _MOST_LINKS:
        log.warning("resuming.too_many_links", conversation_id=str(event.stream_id))
        return
    if repository.add(connection, tenant_id, letter):
        enqueue(connection, tenant_id, "resuming.send", {"letter_id": str(letter.id)}, event.correlation_id)
