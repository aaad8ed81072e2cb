"""Agencies' own flows, for the command line: found by the agency's slug."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Connection, text

from markezy.accounts import api as accounts
from markezy.flows import api
from markezy.flows.definition import parse_definition
from markezy.flows.exchange.flow_file import FlowFile
from markezy.flows.exchange.yaml_files import export_flow
from markezy.kernel import audit
from markezy.kernel.db import Database, open_database
from markezy.kernel.errors import NotFound
from markezy.kernel.settings import load_settings

_TENANTS = text("SELECT tenant_ids()")


def stored_flow(tenant: str, slug: str) -> FlowFile:
    """The flow's draft, or what is published of it when there is none."""
    with _agency(tenant) as (connection, tenant_id):
        return _stored(connection, tenant_id, slug)


def export_stored(tenant: str, slug: str) -> str:
    """The same as a file."""
    flow = stored_flow(tenant, slug)
    return export_flow(flow.definition, flow.name or slug, slug)


def import_as_draft(tenant: str, slug: str, flow: FlowFile) -> api.Draft:
    """Keep the file as the draft of the agency's flow, in place of the draft there is."""
    with _agency(tenant) as (connection, tenant_id):
        revision: int | None = None
        name = flow.name or slug
        try:
            current = api.get_draft(connection, tenant_id, slug)
            revision, name = current.revision, flow.name or current.name
        except NotFound:
            pass
        definition = flow.definition.model_dump(mode="json", exclude_defaults=True)
        audit.by_operator(connection, tenant_id, "flow.imported", subject_kind="flow", subject_id=slug)
        return api.save_draft(connection, tenant_id, slug, name, definition, revision, None)


def _stored(connection: Connection, tenant_id: UUID, slug: str) -> FlowFile:
    summary = api.get_flow(connection, tenant_id, slug)
    which = api.PUBLISHED if summary.draft_revision is None else api.DRAFT
    definition = api.definition_of(connection, tenant_id, slug, which)
    return FlowFile(parse_definition(dict(definition)), summary.name, slug)


@contextmanager
def _agency(slug: str) -> Iterator[tuple[Connection, UUID]]:
    """A transaction of the agency with this slug, and its id."""
    database = open_database(load_settings(), pool_size=1)
    try:
        tenant_id = _tenant_id(database, slug)
        with database.transaction(tenant_id) as connection:
            yield connection, tenant_id
    finally:
        database.dispose()


def _tenant_id(database: Database, slug: str) -> UUID:
    with database.unscoped() as connection:
        ids = list(connection.execute(_TENANTS).scalars())
    for tenant_id in ids:
        with database.transaction(tenant_id) as connection:
            if accounts.tenant(connection, tenant_id).slug == slug:
                found: UUID = tenant_id
                return found
    raise NotFound(f"There is no agency {slug!r}.")
