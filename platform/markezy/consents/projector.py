"""Decisions of the log become receipts."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from markezy.consents import repository
from markezy.consents.model import Decision
from markezy.kernel.events import Event


def project(connection: Connection, tenant_id: UUID, events: Sequence[Event]) -> None:
    """Apply a tenant's next events."""
    answers = [event for event in events if event.type == "qualification.consent_recorded"]
    untold = {UUID(event.data["flow_version_id"]) for event in answers if event.data.get("version") is None}
    asked = repository.versions_asked(connection, tenant_id, untold) if untold else {}
    receipts = [receipt for event in events if (receipt := _receipt(event, asked)) is not None]
    if receipts:
        repository.add_receipts(connection, tenant_id, receipts)


def _receipt(event: Event, asked: Mapping[tuple[UUID, str], int]) -> dict[str, Any] | None:
    if event.type == "qualification.consent_recorded":
        return _of_answer(event, asked)
    if event.type == "qualification.consent_withdrawn":
        return _of_withdrawal(event, UUID(event.data["lead_id"]), event.data["channel"])
    if event.type == "consent.withdrawn":
        return _of_withdrawal(event, event.stream_id, "console")
    return None


def _of_answer(event: Event, asked: Mapping[tuple[UUID, str], int]) -> dict[str, Any]:
    data = event.data
    version = data.get("version")
    if version is None:
        version = asked.get((UUID(data["flow_version_id"]), data["question"]))
    decision = Decision.GIVEN if data["given"] else Decision.REFUSED
    return _values(event, UUID(data["lead_id"]), decision, data["channel"], version, data["locale"])


def _of_withdrawal(event: Event, lead_id: UUID, channel: str) -> dict[str, Any]:
    return _values(event, lead_id, Decision.WITHDRAWN, channel, None, None)


def _values(
    event: Event, lead_id: UUID, decision: Decision, channel: str, version: int | None, locale: str | None
) -> dict[str, Any]:
    return {
        "id": event.id, "lead_id": lead_id, "purpose": event.data["purpose"], "decision": decision, "version": version,
        "locale": locale, "channel": channel, "actor": event.actor, "at": event.occurred_at, "stream_id": event.stream_id,
        "stream_version": event.version,
    }  # fmt: skip
