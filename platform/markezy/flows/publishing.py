"""Which version new conversations get: publish one, or go back to the one before; and of which flow when none is named."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from markezy.consents import api as consents
from markezy.flows import repository
from markezy.flows.checks import Finding, errors_of, find_problems
from markezy.flows.definition import QuestionType, parse_definition
from markezy.flows.model import FlowVersion
from markezy.flows.shape import as_json, misshapen, stored_form
from markezy.kernel.errors import Conflict, Invalid, NotFound


def publish(
    connection: Connection,
    tenant_id: UUID,
    slug: str,
    name: str,
    definition: Mapping[str, Any],
    note: str = "",
    by: UUID | None = None,
) -> FlowVersion:
    """Make `definition` the flow's published version and give it; the same as now published gives that version again.

    Conversations under way keep the version they began with. Invalid with `findings` when the definition has problems.
    """
    findings = check(definition)
    errors = errors_of(findings)
    if errors:
        raise Invalid(f"This flow can't be published: {len(errors)} problem(s) found.", findings=as_json(findings))
    stored = stored_form(definition)
    flow_id = repository.lock_flow(connection, tenant_id, slug, name)
    repository.rename_flow(connection, tenant_id, flow_id, name)
    current = repository.find_published(connection, tenant_id, slug)
    if current is not None and current.definition == stored:
        return current
    version = repository.insert_version(connection, tenant_id, flow_id, stored, note, by)
    consents.register(connection, tenant_id, version.id, _consents_of(definition), by)
    repository.set_published(connection, tenant_id, flow_id, version.id, by)
    return version


def _consents_of(definition: Mapping[str, Any]) -> dict[str, tuple[str, Mapping[str, str]]]:
    """By consent question its purpose and its words."""
    questions = parse_definition(dict(definition)).questions.items()
    return {id_: (one.consents_to, one.text) for id_, one in questions if one.type is QuestionType.CONSENT}


def publish_new(
    connection: Connection, tenant_id: UUID, slug: str, name: str, definition: Mapping[str, Any]
) -> FlowVersion:
    """`publish`, unless the flow ever had this definition: what an agency has made of a seeded flow since then stands.

    Gives the version with this definition.
    """
    known = repository.find_same(connection, tenant_id, slug, stored_form(definition))
    return known or publish(connection, tenant_id, slug, name, definition)


def check(definition: Mapping[str, Any]) -> list[Finding]:
    """What is wrong with the definition or might be; its errors keep it from being published, its warnings don't."""
    return misshapen(definition) or find_problems(parse_definition(dict(definition)))


def rollback(
    connection: Connection, tenant_id: UUID, slug: str, by: UUID | None, expected_number: int | None = None
) -> FlowVersion:
    """One step back: publish again the version that the published one replaced when it came, and give it.

    Done again, it goes one step further back. Conflict when nothing was published before, or when an `expected_number` is
    given and that version is not the published one any more.
    """
    flow_id = repository.lock_known_flow(connection, tenant_id, slug)
    current = repository.find_published(connection, tenant_id, slug)
    if flow_id is None or current is None:
        raise NotFound("There is no published flow of that name.")
    if expected_number is not None and current.number != expected_number:
        raise Conflict(
            f"Version {current.number} is published by now; load the flow again before you roll it back.",
            number=current.number,
        )
    earlier = repository.replaced_by(connection, tenant_id, flow_id, current.id)
    if earlier is None:
        raise Conflict(f"Nothing was published before version {current.number}: there is nothing to go back to.")
    repository.set_published(connection, tenant_id, flow_id, earlier.id, by)
    return earlier


def make_default(connection: Connection, tenant_id: UUID, slug: str) -> None:
    """Visitors whose page names no flow get this one from now on; without any such choice it is the oldest published one.

    Conflict when nothing of the flow is published.
    """
    flow_id = repository.lock_known_flow(connection, tenant_id, slug)
    if flow_id is None:
        raise NotFound("There is no such flow.")
    if repository.find_published(connection, tenant_id, slug) is None:
        raise Conflict("Nothing of this flow is published yet: publish it before visitors get it by default.")
    repository.set_default(connection, tenant_id, flow_id)
