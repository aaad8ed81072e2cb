"""The door to flows: work on a draft, publish it, find a version, and put names to what is in one.

All functions take a connection whose transaction is scoped to the tenant, and never commit.
"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from markezy.flows import repository
from markezy.flows.checks import Finding
from markezy.flows.definition import FlowDefinition, QuestionType, Role, parse_definition
from markezy.flows.drafts import discard_draft, get_draft, publish_draft, save_draft
from markezy.flows.engine import Origin
from markezy.flows.graph import analyse
from markezy.flows.model import Draft, FlowSummary, FlowVersion, ScoreReason, VersionName, VersionSummary
from markezy.flows.publishing import check, make_default, publish, publish_new, rollback
from markezy.flows.scoring import reasons
from markezy.flows.shape import as_json
from markezy.kernel.errors import NotFound

__all__ = [
    "DRAFT", "PUBLISHED", "Draft", "Finding", "FlowSummary", "FlowVersion", "ScoreReason", "VersionName", "VersionSummary", "check",
    "consents", "definition_of", "discard_draft", "email_questions", "findings_of", "get_draft", "get_flow",
    "get_numbered", "get_version", "labels", "list_flows", "list_versions", "make_default", "names_of", "ordinals",
    "outcomes", "publish", "publish_draft", "publish_new", "published_beside", "published_version",
    "rollback", "save_draft", "score_reasons",
]  # fmt: skip

DRAFT = "draft"
PUBLISHED = "published"


def published_version(connection: Connection, tenant_id: UUID, slug: str) -> FlowVersion:
    """What new conversations of this flow get; NotFound when the flow is unknown or unpublished."""
    found = repository.find_published(connection, tenant_id, slug)
    if found is None:
        raise NotFound("There is no published flow of that name.")
    return found


def get_version(connection: Connection, tenant_id: UUID, version_id: UUID) -> FlowVersion:
    """The version; NotFound when there is none."""
    found = repository.find_version(connection, tenant_id, version_id)
    if found is None:
        raise NotFound("There is no such flow version.")
    return found


def get_numbered(connection: Connection, tenant_id: UUID, slug: str, number: int) -> FlowVersion:
    """The flow's version of that number; NotFound when there is none."""
    found = repository.find_numbered(connection, tenant_id, slug, number)
    if found is None:
        raise NotFound(f"This flow has no version {number}.")
    return found


def definition_of(connection: Connection, tenant_id: UUID, slug: str, which: int | str) -> Mapping[str, Any]:
    """The definition of a version by its number, of the DRAFT or of the version that is PUBLISHED."""
    if which == DRAFT:
        return get_draft(connection, tenant_id, slug).definition
    if isinstance(which, int):
        return get_numbered(connection, tenant_id, slug, which).definition
    return published_version(connection, tenant_id, slug).definition


def findings_of(definition: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What keeps the definition from being published, as answers show it."""
    return as_json(check(definition))


def get_flow(connection: Connection, tenant_id: UUID, slug: str) -> FlowSummary:
    """What is published of the flow and what is being worked on; NotFound when there is neither."""
    found = repository.find_flow(connection, tenant_id, slug)
    if found is None:
        raise NotFound("There is no such flow.")
    return found


def list_flows(
    connection: Connection, tenant_id: UUID, after: tuple[str, UUID] | None = None, limit: int = 50
) -> list[FlowSummary]:
    """The tenant's flows by slug, behind the (slug, id) given as `after`."""
    return repository.list_flows(connection, tenant_id, after, limit)


def list_versions(
    connection: Connection, tenant_id: UUID, slug: str, before: int | None = None, limit: int = 50
) -> list[VersionSummary]:
    """The flow's versions, the newest first, of numbers below `before`; NotFound when there is no such flow."""
    get_flow(connection, tenant_id, slug)
    return repository.list_versions(connection, tenant_id, slug, before, limit)


def names_of(connection: Connection, tenant_id: UUID, version_ids: Collection[UUID]) -> dict[UUID, VersionName]:
    """What people call these versions; an unknown one is left out."""
    return repository.names_of(connection, tenant_id, version_ids)


def published_beside(connection: Connection, tenant_id: UUID, flow_version_id: UUID) -> UUID | None:
    """The version of the same flow that new conversations get; None when it is unknown."""
    return repository.published_beside(connection, tenant_id, flow_version_id)


def labels(version: FlowVersion, locale: str) -> dict[str, str]:
    """By question its short name, in the order of the flow; in the flow's first language when it lacks `locale`."""
    definition = _parsed(version)
    spoken = locale if locale in definition.locales else definition.locales[0]
    return {id_: definition.questions[id_].label[spoken] for id_ in ordinals(version)}


def ordinals(version: FlowVersion) -> dict[str, int]:
    """By question its place in the flow, from 1: the `ordinal` of the qualification's events."""
    return {id_: place for place, id_ in enumerate(analyse(_parsed(version)).order, 1)}


def consents(version: FlowVersion) -> frozenset[str]:
    """The questions that ask for consent."""
    return frozenset(id_ for id_, one in _parsed(version).questions.items() if one.type is QuestionType.CONSENT)


def email_questions(version: FlowVersion) -> frozenset[str]:
    """The questions that ask for the lead's own e-mail address."""
    return frozenset(id_ for id_, one in _parsed(version).questions.items() if one.role is Role.EMAIL)


def score_reasons(
    version: FlowVersion,
    answers: Mapping[str, Any],
    *,
    language: str,
    locale: str,
    channel: str,
    utm: Mapping[str, Any],
    hidden: Mapping[str, Any],
) -> tuple[ScoreReason, ...]:
    """What the score of a lead is made of who gave these answers, by question the value, and came from there; labels in `language`."""
    return reasons(_parsed(version), Origin(str(version.id), locale, channel, "", utm, hidden), answers, language)


def outcomes(version: FlowVersion) -> dict[str, str]:
    """By end what it means: qualified, nurture, disqualified or handed_over."""
    return {id_: end.outcome.value for id_, end in _parsed(version).ends.items()}


def _parsed(version: FlowVersion) -> FlowDefinition:
    return parse_definition(dict(version.definition))
