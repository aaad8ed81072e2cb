"""Leads' rights over HTTP."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.kernel.clock import now
from markezy.kernel.errors import Conflict, Invalid, Malformed
from markezy.kernel.http import Call, Reply, endpoint
from markezy.privacy import api
from markezy.privacy.model import Erasure, LeadExport, Preview, Reason

PDF = "application/pdf"

blueprint = Blueprint("privacy", url_prefix="/api/v1")


class PeriodsBody(BaseModel):
    """Days by class of data; a class that is not named has its default again."""

    model_config = ConfigDict(extra="forbid")

    periods: dict[str, int] = Field(max_length=100)


@blueprint.post("/leads/<lead_id:uuid>/erasure")
@endpoint(staff("privacy.write"), audit="erasure.requested")
def request_erasure(call: Call, lead_id: UUID) -> Reply:
    """Have a lead forgotten; 202, because it is done in the background. It can't be undone.

    Again, when a CRM has refused or could not be reached for too long, it goes on from there.
    """
    actor = f"{call.principal.kind}:{call.principal.id}"
    found = api.request_erasure(call.connection, call.tenant_id, lead_id, actor, Reason.STAFF, call.correlation_id)
    return Reply(202, _erasure(found))


@blueprint.get("/leads/<lead_id:uuid>/erasure")
@endpoint(staff("privacy.read"), audit="erasure.read")
def get_erasure(call: Call, lead_id: UUID) -> Reply:
    """How far the erasure has come."""
    return Reply(200, _erasure(api.erasure_of(call.connection, call.tenant_id, lead_id)))


@blueprint.get("/leads/<lead_id:uuid>/erasure/certificate")
@endpoint(staff("privacy.read"), audit="erasure.certificate_read")
def get_certificate(call: Call, lead_id: UUID) -> Reply:
    """What was removed and when, with the document's SHA-256; 409 until everything is done."""
    found = api.erasure_of(call.connection, call.tenant_id, lead_id)
    if found.digest is None:
        raise Conflict("The erasure is not completed yet; its certificate follows.")
    document = api.certificate(call.tenant_id, found)
    return Reply(200, {"certificate": document, "sha256": found.digest.hex()})


@blueprint.post("/leads/<lead_id:uuid>/export")
@endpoint(staff("privacy.write"), kind="expensive", audit="export.requested")
def request_export(call: Call, lead_id: UUID) -> Reply:
    """Have a copy of everything kept of a lead made; 202, because it is made in the background. Under way already, it is the same one."""
    actor = f"{call.principal.kind}:{call.principal.id}"
    found = api.request_export(call.connection, call.tenant_id, lead_id, actor, call.correlation_id)
    return Reply(202, _export(found))


@blueprint.get("/leads/<lead_id:uuid>/export")
@endpoint(staff("privacy.read"), audit="export.read")
def get_export(call: Call, lead_id: UUID) -> Reply:
    """How far the copy has come, and until when it can be fetched."""
    return Reply(200, _export(api.export_of(call.connection, call.tenant_id, lead_id)))


@blueprint.get("/leads/<lead_id:uuid>/export/download")
@endpoint(staff("privacy.read"), audit="export.downloaded")
def download_export(call: Call, lead_id: UUID) -> Reply:
    """The copy: a ZIP with `data.json`, `data.pdf` and the lead's files; 409 until it is ready, and when it was removed."""
    archive = api.archive_of(call.connection, call.tenant_id, lead_id)
    return Reply.file(archive, api.MEDIA_TYPE, f"data-{lead_id}.zip", inline=False)


@blueprint.get("/privacy/retention")
@endpoint(staff("privacy.read"), audit="retention.read")
def get_retention(call: Call) -> Reply:
    """For how many days each class of data is kept, what may be chosen, and the last runs."""
    return Reply(200, _retention(call))


@blueprint.put("/privacy/retention")
@endpoint(staff("privacy.write"), audit="retention.changed")
def put_retention(call: Call) -> Reply:
    """Keep things for so many days; counts from the next run on. Ask the preview first what that would remove."""
    actor = f"{call.principal.kind}:{call.principal.id}"
    api.save_periods(call.connection, call.tenant_id, call.json(PeriodsBody).periods, actor)
    return Reply(200, _retention(call))


@blueprint.get("/privacy/retention/preview")
@endpoint(staff("privacy.read"), kind="expensive", audit="retention.previewed")
def preview_retention(call: Call) -> Reply:
    """What a run would remove now. `periods` tries other ones out, `qualified_leads:365,files:30`; nothing is changed."""
    wanted = _periods(call.query.get("periods", ""))
    return Reply(200, _preview(api.preview(call.connection, call.tenant_id, now(), wanted)))


@blueprint.get("/privacy/processing")
@endpoint(staff("privacy.read"), audit="processing.read")
def get_processing(call: Call) -> Reply:
    """The record of processing activities, made from the configuration; `locale` is en, fr or es."""
    record = _record(call, call.query.get("locale"))
    sections = [{**vars(one), "items": [vars(item) for item in one.items]} for one in record.sections]
    return Reply(200, {**vars(record), "agency": record.agency.name, "sections": sections})


@blueprint.get("/privacy/processing/pdf")
@endpoint(staff("privacy.read"), kind="expensive", audit="processing.read")
def get_processing_pdf(call: Call) -> Reply:
    """The same on paper."""
    record = _record(call, call.query.get("locale"))
    return Reply.file(api.as_pdf(record), PDF, f"{record.title}.pdf", inline=False)


def _record(call: Call, locale: str | None) -> api.ProcessingRecord:
    if locale is not None and locale not in api.languages():
        raise Invalid(f"locale is one of {', '.join(api.languages())}.")
    return api.processing_record(call.connection, call.tenant_id, call.settings, locale)


def _periods(given: str) -> dict[str, int]:
    wanted = {}
    for one in filter(None, given.split(",")):
        name, _, days = one.partition(":")
        if not (days.isascii() and days.isdigit() and len(days) < 6):
            raise Malformed("periods is written like qualified_leads:365,files:30.")
        wanted[name] = int(days)
    return wanted


def _retention(call: Call) -> dict[str, Any]:
    return {
        "periods": [vars(one) for one in api.periods(call.connection, call.tenant_id)],
        "runs": [vars(one) for one in api.recent_runs(call.connection, call.tenant_id)],
    }


def _preview(found: Preview) -> dict[str, Any]:
    return {"counts": found.counts, "leads": [vars(one) for one in found.leads]}


def _export(found: LeadExport) -> dict[str, Any]:
    return {
        "lead_id": found.lead_id,
        "state": found.state,
        "requested_by": found.requested_by,
        "requested_at": found.requested_at,
        "ready_at": found.ready_at,
        "expires_at": found.expires_at,
        "size": found.size,
        "failure": found.failure,
    }


def _erasure(found: Erasure) -> dict[str, Any]:
    return {
        "lead_id": found.lead_id,
        "state": found.state,
        "reason": found.reason,
        "requested_by": found.requested_by,
        "requested_at": found.requested_at,
        "forgotten_at": found.forgotten_at,
        "crm_confirmed_at": found.crm_at,
        "crm_failure": found.crm_failure,
        "completed_at": found.completed_at,
        "removed": found.removed,
    }
