"""The door to flows: publish a definition, find a version, and put names to what is in one.

All functions take a connection whose transaction is scoped to the tenant, and never commit.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Connection

from markezy.flows import repository
from markezy.flows.checks import Finding, find_problems
from markezy.flows.definition import FlowDefinition
from markezy.flows.graph import analyse
from markezy.flows.model import FlowSummary, FlowVersion
from markezy.kernel.errors import Invalid, NotFound

__all__ = [
    "Finding", "FlowSummary", "FlowVersion", "check", "get_version", "labels", "list_flows", "ordinals", "outcomes",
    "publish", "published_version",
]  # fmt: skip


def publish(
    connection: Connection, tenant_id: UUID, slug: str, name: str, definition: Mapping[str, Any]
) -> FlowVersion:
    """Make `definition` the flow's published version and give it; the same as now published gives that version again.

    Conversations under way keep the version they began with. Invalid with `findings` when the definition has problems.
    """
    findings = check(definition)
    if findings:
        raise Invalid(
            f"This flow can't be published: {len(findings)} problem(s) found.",
            findings=[asdict(finding) for finding in findings],
        )
    flow_id = repository.upsert_flow(connection, tenant_id, slug, name)
    stored = _parse(definition).model_dump(mode="json", exclude_defaults=True)
    current = repository.find_published(connection, tenant_id, slug)
    if current is not None and current.definition == stored:
        return current
    version = repository.insert_version(connection, tenant_id, flow_id, stored)
    repository.set_published(connection, tenant_id, flow_id, version.id)
    return version


def check(definition: Mapping[str, Any]) -> list[Finding]:
    """What keeps the definition from being published; nothing when it is in order."""
    try:
        parsed = _parse(definition)
    except ValidationError as error:
        return [
            Finding("/".join(str(step) for step in item["loc"]), "malformed", item["msg"])
            for item in error.errors(include_url=False, include_input=False)
        ]
    return find_problems(parsed)


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


def list_flows(
    connection: Connection, tenant_id: UUID, after: tuple[str, UUID] | None = None, limit: int = 50
) -> list[FlowSummary]:
    """The tenant's flows by slug, behind the (slug, id) given as `after`."""
    return repository.list_flows(connection, tenant_id, after, limit)


def labels(version: FlowVersion, locale: str) -> dict[str, str]:
    """By question its short name, in the order of the flow; in the flow's first language when it lacks `locale`."""
    definition = _parsed(version)
    spoken = locale if locale in definition.locales else definition.locales[0]
    return {id_: definition.questions[id_].label[spoken] for id_ in ordinals(version)}


def ordinals(version: FlowVersion) -> dict[str, int]:
    """By question its place in the flow, from 1: the `ordinal` of the qualification's events."""
    return {id_: place for place, id_ in enumerate(analyse(_parsed(version)).order, 1)}


def outcomes(version: FlowVersion) -> dict[str, str]:
    """By end what it means: qualified, nurture, disqualified or handed_over."""
    return {id_: end.outcome.value for id_, end in _parsed(version).ends.items()}


def _parse(definition: Mapping[str, Any]) -> FlowDefinition:
    return FlowDefinition.model_validate(dict(definition))


def _parsed(version: FlowVersion) -> FlowDefinition:
    return _parse(version.definition)
