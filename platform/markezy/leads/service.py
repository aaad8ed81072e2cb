"""What happens to leads from outside the conversation: their qualification, told once by the action server."""

from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from markezy.kernel.errors import Conflict, NotFound
from markezy.kernel.events import NewEvent, append, read_stream
from markezy.kernel.outbox import enqueue
from markezy.leads import repository
from markezy.leads.model import Contact, Lead, QualifiedAnswer, QualifiedLead

_QUALIFIED = "lead.qualified"


def record_qualified(
    connection: Connection, tenant_id: UUID, lead_id: UUID, lead: QualifiedLead, correlation_id: str
) -> None:
    """Write the qualification down and ask for the strategy, both or neither.

    A lead is qualified once: the strategy answers to what was said then. A second call changes nothing, also one with another end
    (the lead changed an answer afterwards; the log and the read model show it). NotFound when the conversation is not this lead's.
    """
    if repository.lead_of_conversation(connection, tenant_id, lead.conversation_id) != str(lead_id):
        raise NotFound("There is no such lead with this conversation.")
    if _find(connection, tenant_id, lead_id) is not None:
        return
    try:
        append(connection, tenant_id, "lead", lead_id, 0, [NewEvent(_QUALIFIED, _data(lead))], correlation_id)
    except Conflict:
        return  # a parallel call was faster, and its strategy is on the way
    enqueue(connection, tenant_id, "strategies.generate", {"lead_id": str(lead_id)}, correlation_id)


def qualified(connection: Connection, tenant_id: UUID, lead_id: UUID) -> QualifiedLead:
    """The lead as qualified; NotFound when they are not."""
    found = _find(connection, tenant_id, lead_id)
    if found is None:
        raise NotFound("There is no such qualified lead.")
    return QualifiedLead(
        lead_id=lead_id,
        conversation_id=UUID(found["conversation_id"]),
        flow_version_id=UUID(found["flow_version_id"]),
        locale=found["locale"],
        end=found["end"],
        score=found["score"],
        contact=Contact(**found["contact"]),
        answers=tuple(QualifiedAnswer(**answer) for answer in found["answers"]),
    )


def as_of_now(then: QualifiedLead, now: Lead) -> QualifiedLead:
    """The qualified lead with what they say today: answers, contact, score and language."""
    return replace(
        then,
        locale=now.locale,
        end=now.end_id or then.end,
        score=now.score if now.score is not None else then.score,
        contact=Contact(now.name, now.email, now.phone, now.company),
        answers=tuple(QualifiedAnswer(one.question, one.label, one.value, one.display) for one in now.answers),
    )


def _find(connection: Connection, tenant_id: UUID, lead_id: UUID) -> dict[str, Any] | None:
    stream = read_stream(connection, tenant_id, lead_id)
    return next((event.data for event in stream if event.stream_type == "lead" and event.type == _QUALIFIED), None)


def _data(lead: QualifiedLead) -> dict[str, Any]:
    return {
        "conversation_id": str(lead.conversation_id),
        "flow_version_id": str(lead.flow_version_id),
        "locale": lead.locale,
        "end": lead.end,
        "score": lead.score,
        "contact": asdict(lead.contact),
        "answers": [asdict(answer) for answer in lead.answers],
    }
