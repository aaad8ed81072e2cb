"""A copy of everything kept of a lead: asked for, made in the background, fetched, removed."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection

from markezy.kernel.clock import now
from markezy.kernel.errors import Conflict, NotFound
from markezy.kernel.ids import new_id
from markezy.kernel.outbox import enqueue
from markezy.leads import api as leads
from markezy.privacy import export_repository, repository, retention_repository
from markezy.privacy.classes import classes
from markezy.privacy.contents import Contents, collect
from markezy.privacy.model import LeadExport

GIVEN_UP_AFTER = timedelta(days=1)
"""By then no further try is made (kernel/outbox.py): whoever asks again gets a new one."""
_LATE = "it took too long"


def request_export(
    connection: Connection, tenant_id: UUID, lead_id: UUID, requested_by: str, correlation_id: str
) -> LeadExport:
    """Have a copy made in the background; asked again meanwhile, it is the same one. An earlier copy is removed.

    NotFound when there is no such lead, Conflict when they were forgotten or are about to be.
    """
    lead = leads.get_lead(connection, tenant_id, lead_id)
    if lead.erased_at is not None or repository.find(connection, tenant_id, lead_id) is not None:
        raise Conflict("This lead was forgotten; there is nothing that could be handed out.")
    under_way = export_repository.latest(connection, tenant_id, lead_id, _keep_days(connection, tenant_id))
    if under_way and under_way.state == "waiting" and under_way.requested_at < now() - GIVEN_UP_AFTER:
        export_repository.note_failed(connection, tenant_id, under_way.id, _LATE)
    wanted = LeadExport(new_id(), lead_id, requested_by, now())
    if export_repository.add(connection, tenant_id, wanted):
        export_repository.empty_earlier(connection, tenant_id, lead_id)
        enqueue(connection, tenant_id, "privacy.export", {"export_id": str(wanted.id)}, correlation_id)
    return export_of(connection, tenant_id, lead_id)


def export_of(connection: Connection, tenant_id: UUID, lead_id: UUID) -> LeadExport:
    """The export that was asked for last; NotFound when there is no such lead, or nobody asked."""
    found = latest_export(connection, tenant_id, lead_id)
    if found is None:
        raise NotFound("Nobody asked for a copy of what is kept of this lead.")
    return found


def latest_export(connection: Connection, tenant_id: UUID, lead_id: UUID) -> LeadExport | None:
    """The same, None when nobody asked."""
    return export_repository.latest(connection, tenant_id, lead_id, _keep_days(connection, tenant_id))


def archive_of(connection: Connection, tenant_id: UUID, lead_id: UUID) -> bytes:
    """The archive; NotFound when nobody asked for one, Conflict until it is ready and when it was removed."""
    found = export_of(connection, tenant_id, lead_id)
    archive = export_repository.archive(connection, tenant_id, found) if found.state == "ready" else None
    if archive is None:
        raise Conflict(f"The copy is not there to be fetched (it is {found.state}); ask for a new one if need be.")
    return archive


def recent_exports(connection: Connection, tenant_id: UUID, limit: int) -> list[LeadExport]:
    """The agency's exports, the latest asked for first."""
    return export_repository.recent(connection, tenant_id, limit, _keep_days(connection, tenant_id))


def contents_of(connection: Connection, tenant_id: UUID, export_id: UUID) -> tuple[LeadExport, Contents] | None:
    """What goes into the archive; None when it is there already, or is not wanted any more."""
    keep_days = _keep_days(connection, tenant_id)
    export = export_repository.find(connection, tenant_id, export_id, keep_days)
    if export is None or export.state != "waiting":
        return None
    if repository.find(connection, tenant_id, export.lead_id) is not None:
        export_repository.note_failed(connection, tenant_id, export_id, export_repository.FORGOTTEN)
        return None
    earlier = export_repository.of_lead(connection, tenant_id, export.lead_id, keep_days)
    return export, collect(connection, tenant_id, export.lead_id, earlier)


def _keep_days(connection: Connection, tenant_id: UUID) -> int:
    return retention_repository.chosen(connection, tenant_id).get("exports", classes()["exports"].days)
