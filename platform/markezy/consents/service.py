"""Texts get their versions where flows are published; decisions are read from the log, never from what lags behind it."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection

from markezy.consents import repository
from markezy.consents.model import Asked, Decision, Renewal, newer
from markezy.kernel.events import NewEvent, append

_WITHDRAWN = "consent.withdrawn"


def register(
    connection: Connection,
    tenant_id: UUID,
    flow_version_id: UUID,
    questions: Mapping[str, tuple[str, Mapping[str, str]]],
    by: UUID | None,
) -> None:
    """Note with which texts a new flow version asks: by question its purpose and its words by locale.

    Words that differ from the purpose's newest text become the next version of it.
    """
    for question, (purpose, words) in sorted(questions.items()):
        repository.lock_purpose(connection, tenant_id, purpose)
        latest = repository.latest_text(connection, tenant_id, purpose)
        version = latest.version if latest is not None else 0
        if latest is None or latest.texts != dict(words):
            version += 1
            repository.add_text(connection, tenant_id, purpose, version, words, by)
        repository.add_question(connection, tenant_id, flow_version_id, Asked(question, purpose, version))


def outdated(
    connection: Connection,
    tenant_id: UUID,
    flow_version_id: UUID,
    published_version_id: UUID | None,
    agreed: Mapping[str, int],
) -> list[Renewal]:
    """What a lead of `flow_version_id` has to be asked again, since their flow is published with a later text by now.

    `agreed`: versions of texts they were asked with instead of their flow version's own, by question.
    """
    if published_version_id is None or published_version_id == flow_version_id:
        return []
    asked = repository.questions_of(connection, tenant_id, flow_version_id)
    published = repository.texts_of(connection, tenant_id, published_version_id)
    return [Renewal(question, one.purpose, one.version, one.texts) for question, one in newer(asked, agreed, published)]


def decided(connection: Connection, tenant_id: UUID, lead_id: UUID, conversation_id: UUID) -> dict[str, Decision]:
    """By purpose what the lead last decided, from the log; purposes without a decision are left out."""
    last: dict[str, Decision] = {}
    for type_, data in repository.decisions(connection, tenant_id, (lead_id, conversation_id)):
        given = Decision.GIVEN if data.get("given") else Decision.REFUSED
        last[data["purpose"]] = Decision.WITHDRAWN if type_.endswith("withdrawn") else given
    return last


def may(
    connection: Connection, tenant_id: UUID, lead_id: UUID, conversation_id: UUID, flow_version_id: UUID, purpose: str
) -> bool:
    """Whether the lead agreed to this purpose and still does.

    A purpose their flow does not ask for is not based on consent, so only a withdrawal stands against it.
    """
    last = decided(connection, tenant_id, lead_id, conversation_id).get(purpose)
    if last is not None:
        return last is Decision.GIVEN
    asked = repository.questions_of(connection, tenant_id, flow_version_id)
    return all(one.purpose != purpose for one in asked.values())


def withdraw(
    connection: Connection,
    tenant_id: UUID,
    lead_id: UUID,
    conversation_id: UUID,
    purpose: str,
    actor: str,
    correlation_id: str,
) -> None:
    """The lead takes their consent back; again, nothing happens."""
    if decided(connection, tenant_id, lead_id, conversation_id).get(purpose) is not Decision.WITHDRAWN:
        new = NewEvent(_WITHDRAWN, {"purpose": purpose}, actor)
        append(connection, tenant_id, "lead", lead_id, None, [new], correlation_id)
