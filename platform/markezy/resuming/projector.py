"""Links that leads ask for become letters. Played again, an event writes no second one: the id is derived from it."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid5

from sqlalchemy import Connection

from markezy.kernel.clock import now
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
    if repository.count_links_since(connection, tenant_id, event.stream_id, now() - _A_DAY) >= _MOST_LINKS:
        log.warning("resuming.too_many_links", conversation_id=str(event.stream_id))
        return
    letter = ResumeLetter(uuid5(event.id, "resume_letter"), event.stream_id, Kind.LINK, event.data["email"])
    if repository.add(connection, tenant_id, letter):
        enqueue(connection, tenant_id, "resuming.send", {"letter_id": str(letter.id)}, event.correlation_id)
