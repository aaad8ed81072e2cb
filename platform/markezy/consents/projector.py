"""Decisions of the log become receipts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection

from markezy.consents import repository
from markezy.consents.model import Decision
from markezy.kernel.events import Event


def project(connection: Connection, tenant_id: UUID, events: Sequence[Event]) -> None:
    """Apply a tenant's next events."""
    for event in events:
        if event.type == "qualification.consent_recorded":
            _note_answer(connection, tenant_id, event)
        elif event.type == "qualification.consent_withdrawn":
            _note_withdrawal(connection, tenant_id, event, UUID(event.data["lead_id"]), event.data["channel"])
        elif event.type == "consent.withdrawn":
            _note_withdrawal(connection, tenant_id, event, event.stream_id, "console")


def _note_answer(connection: Connection, tenant_id: UUID, event: Event) -> None:
    data = event.data
    version = data.get("version")
    if version is None:
        asked = repository.questions_of(connection, tenant_id, UUID(data["flow_version_id"])).get(data["question"])
        version = None if asked is None else asked.version
    repository.add_receipt(
        connection, tenant_id, id=event.id, lead_id=UUID(data["lead_id"]), purpose=data["purpose"],
        decision=Decision.GIVEN if data["given"] else Decision.REFUSED, version=version, locale=data["locale"],
        channel=data["channel"], actor=event.actor, at=event.occurred_at, stream_id=event.stream_id,
        stream_version=event.version,
    )  # fmt: skip


def _note_withdrawal(connection: Connection, tenant_id: UUID, event: Event, lead_id: UUID, channel: str) -> None:
    repository.add_receipt(
        connection, tenant_id, id=event.id, lead_id=lead_id, purpose=event.data["purpose"],
        decision=Decision.WITHDRAWN, version=None, locale=None, channel=channel, actor=event.actor,
        at=event.occurred_at, stream_id=event.stream_id, stream_version=event.version,
    )  # fmt: skip
