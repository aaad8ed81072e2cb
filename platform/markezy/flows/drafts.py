"""Work on a flow before it is published: one draft a flow, and nobody writes over somebody else's changes."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from markezy.flows import draft_repository, publishing, repository
from markezy.flows.model import Draft, FlowVersion
from markezy.flows.shape import stored_form
from markezy.kernel.errors import Conflict, Invalid, NotFound

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,58}[a-z0-9])?")
_RESERVED = frozenset({"import"})
"""Words that stand at a slug's place in the API's addresses."""


def save_draft(
    connection: Connection,
    tenant_id: UUID,
    slug: str,
    name: str,
    definition: Mapping[str, Any],
    expected_revision: int | None,
    by: UUID | None,
) -> Draft:
    """Keep `definition` as the flow's draft, whatever problems it still has; a flow of a new slug is created.

    `expected_revision` is that of the draft the changes were made to, None when there was none; Conflict with the current
    `revision` when somebody else changed it meanwhile. The same again changes nothing. Invalid with `findings` when the
    shape is wrong. `name` is the flow's name at once: visitors never see it.
    """
    if not _SLUG.fullmatch(slug) or slug in _RESERVED:
        raise Invalid("A flow's slug is made of 1 to 60 lower-case letters, digits, hyphens and underscores.")
    stored = stored_form(definition)
    flow_id = repository.lock_flow(connection, tenant_id, slug, name)
    current = draft_repository.find_draft(connection, tenant_id, slug)
    if current is not None and (current.name, current.definition) == (name, stored):
        return current
    _expect(current, expected_revision)
    repository.rename_flow(connection, tenant_id, flow_id, name)
    draft_repository.put_draft(connection, tenant_id, flow_id, stored, by)
    return get_draft(connection, tenant_id, slug)


def get_draft(connection: Connection, tenant_id: UUID, slug: str) -> Draft:
    """The flow's draft; NotFound when there is none."""
    found = draft_repository.find_draft(connection, tenant_id, slug)
    if found is None:
        raise NotFound("This flow has no draft.")
    return found


def discard_draft(connection: Connection, tenant_id: UUID, slug: str) -> None:
    """Forget the draft, if there is one; NotFound when there is no such flow."""
    flow_id = repository.lock_known_flow(connection, tenant_id, slug)
    if flow_id is None:
        raise NotFound("There is no such flow.")
    draft_repository.delete_draft(connection, tenant_id, flow_id)


def publish_draft(
    connection: Connection,
    tenant_id: UUID,
    slug: str,
    note: str,
    by: UUID | None,
    expected_revision: int | None = None,
) -> FlowVersion:
    """Make the draft the flow's next version, the one new conversations get; the draft is gone then.

    A draft that says what the published version says only disappears. Invalid with `findings` when it has problems,
    Conflict when an `expected_revision` is given and it is not the draft's any more.
    """
    flow_id = repository.lock_known_flow(connection, tenant_id, slug)
    draft = get_draft(connection, tenant_id, slug)
    if expected_revision is not None:
        _expect(draft, expected_revision)
    version = publishing.publish(connection, tenant_id, slug, draft.name, draft.definition, note, by)
    if flow_id is not None:
        draft_repository.delete_draft(connection, tenant_id, flow_id)
    return version


def _expect(current: Draft | None, expected_revision: int | None) -> None:
    revision = current.revision if current else None
    if revision != expected_revision:
        raise Conflict(
            "Somebody else changed this draft meanwhile; load it again and repeat your change.", revision=revision
        )
