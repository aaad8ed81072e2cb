"""What leads say about a person makes handovers.

Called once for each event, in order, in the transaction that moves the projection's position. Events may be played again from
the start: ids are derived from the events', and an event only touches what was asked for before it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from markezy.handover import office_hours, repository
from markezy.handover.model import LONGEST_TEXT, Handover, HandoverSettings, Status
from markezy.handover.service import tell
from markezy.kernel.clock import now
from markezy.kernel.errors import NotFound
from markezy.kernel.events import Event
from markezy.kernel.outbox import enqueue
from markezy.leads import api as leads

_QUIET = timedelta(minutes=10)
"""Who asks, goes on and asks again within this time is in the inbox again, but the team is not e-mailed again."""
_LEFT = "message"
"""The reason of a handover that begins with a message."""


def project(connection: Connection, tenant_id: UUID, events: Sequence[Event]) -> set[UUID]:
    """Apply a tenant's next events; the leads about whom there is news for the inbox."""
    changed = set()
    for event in events:
        apply = _CHANGES.get(event.type)
        if apply is None or event.stream_type != "conversation":
            continue
        try:
            lead_id = leads.lead_of_conversation(connection, tenant_id, event.stream_id)
        except NotFound:
            continue
        repository.lock_conversation(connection, event.stream_id)
        apply(connection, event, lead_id)
        changed.add(lead_id)
    return changed


def away(settings: HandoverSettings, reason: str, at: datetime) -> dict[str, str]:
    """The data of the news `team_away`, with the office's next opening if it is closed."""
    opens = _opens(settings, at) if reason == "closed" else None
    return {"reason": reason, "opens_at": "" if opens is None else opens.isoformat(timespec="seconds")}


def _request(connection: Connection, event: Event, lead_id: UUID) -> None:
    if "reason" not in event.data:
        return  # from before there were handovers
    tenant_id, conversation_id = event.tenant_id, event.stream_id
    handover_id = uuid5(event.id, "handover")
    if repository.find(connection, tenant_id, handover_id) is not None:
        return
    message = None
    earlier = repository.find_latest(connection, tenant_id, conversation_id, event.occurred_at)
    current = repository.find_open(connection, tenant_id, conversation_id)
    if current is not None:
        if current.status != Status.AWAY:
            return
        # Asked again after nobody could come: the old request gives way, what was written with it stays in the inbox.
        message = current.message
        _close(connection, event, current)
    wanted = Handover(
        handover_id, conversation_id, lead_id, Status.WAITING, event.data["reason"], message, event.occurred_at
    )
    if not repository.add(connection, tenant_id, wanted):
        return
    payload = {"handover_id": str(handover_id)}
    if earlier is None or event.occurred_at - earlier.requested_at > _QUIET:
        enqueue(connection, tenant_id, "handover.notify", payload, event.correlation_id)
    settings, at = repository.find_settings(connection, tenant_id), now()
    if _is_open(settings, at):
        patience = event.occurred_at + timedelta(seconds=settings.answer_seconds) - at
        enqueue(connection, tenant_id, "handover.give_up", payload, event.correlation_id, max(patience, timedelta()))
        return
    tell(
        connection, tenant_id, conversation_id, "team_away", away(settings, "closed", at), event.correlation_id,
        news_id=uuid5(event.id, "team_away"), handover_id=handover_id,
    )  # fmt: skip


def _decline(connection: Connection, event: Event, _lead_id: UUID) -> None:
    current = _asked_before(connection, event)
    if current is None or current.status not in (Status.WAITING, Status.AWAY):
        return
    if current.message:
        repository.change(connection, event.tenant_id, current.id, status=Status.AWAY)
    else:
        _close(connection, event, current)


def _be_away(connection: Connection, event: Event, _lead_id: UUID) -> None:
    current = _asked_before(connection, event)
    if current is not None and current.status == Status.WAITING:
        repository.change(connection, event.tenant_id, current.id, status=Status.AWAY)


def _leave(connection: Connection, event: Event, lead_id: UUID) -> None:
    words = event.data["text"][:LONGEST_TEXT]
    latest = repository.find_latest(connection, event.tenant_id, event.stream_id, event.occurred_at)
    if latest is not None and words in (latest.message or ""):
        return
    current = repository.find_open(connection, event.tenant_id, event.stream_id)
    if current is not None:
        message = "\n\n".join(part for part in (current.message, words) if part)
        repository.change(connection, event.tenant_id, current.id, message=message)
        handover_id = current.id
    else:
        # Staff closed the request while the lead was writing.
        handover_id = uuid5(event.id, "handover")
        left = Handover(handover_id, event.stream_id, lead_id, Status.AWAY, _LEFT, words, event.occurred_at)
        if not repository.add(connection, event.tenant_id, left):
            return
    payload = {"handover_id": str(handover_id), "about": _LEFT}
    enqueue(connection, event.tenant_id, "handover.notify", payload, event.correlation_id)


def _asked_before(connection: Connection, event: Event) -> Handover | None:
    current = repository.find_open(connection, event.tenant_id, event.stream_id)
    return current if current is not None and current.requested_at < event.occurred_at else None


def _close(connection: Connection, event: Event, current: Handover) -> None:
    repository.change(connection, event.tenant_id, current.id, status=Status.CLOSED, closed_at=event.occurred_at)


def _is_open(settings: HandoverSettings, at: datetime) -> bool:
    hours = settings.office_hours
    return hours is None or office_hours.is_open(hours, ZoneInfo(settings.timezone), at)


def _opens(settings: HandoverSettings, at: datetime) -> datetime | None:
    hours = settings.office_hours
    return None if hours is None else office_hours.opens_next(hours, ZoneInfo(settings.timezone), at)


_CHANGES: Mapping[str, Callable[[Connection, Event, UUID], None]] = {
    "qualification.person_requested": _request,
    "qualification.person_declined": _decline,
    "qualification.team_away": _be_away,
    "qualification.message_left": _leave,
}
