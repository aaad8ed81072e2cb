"""What strategies are written from: the parts in force, their versions, what changed, and what a new one would change."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from sanic import Blueprint

from markezy.accounts import api as accounts
from markezy.accounts.api import staff
from markezy.kernel import audit, cursors
from markezy.kernel.errors import NotFound
from markezy.kernel.http import Call, Reply, endpoint
from markezy.kernel.limits import rules
from markezy.strategies.routes.parameters import (
    Note,
    PlaceBody,
    Source,
    author_of,
    before_of,
    id_of,
    limit_of,
    narrowed,
)
from markezy.strategies.versions import adding, repository, stacks
from markezy.strategies.versions.diff import diff
from markezy.strategies.versions.model import PartInForce, Place, Version, VersionSummary
from markezy.strategies.versions.previewing import preview

blueprint = Blueprint("strategies_templates")


class VersionBody(PlaceBody):
    """A part of one of the agency's layers as YAML; `note` tells what is new."""

    source: Source
    note: Note = ""


class PreviewBody(PlaceBody):
    """The source of a part, to be tried on the sample leads of `sample_sector`: the part's own sector, else the agency's."""

    source: Source
    sample_sector: str = ""


@blueprint.get("/api/v1/templates")
@endpoint(staff("templates.read"), audit=None)
def list_parts(call: Call) -> Reply:
    """Each released part with the release in force, its versions and the newest version there is; `layer`, `sector` and `part` narrow."""
    found = stacks.parts_in_force(call.connection, call.tenant_id, narrowed(call))
    return Reply(200, {"items": [_part(one) for one in found], "next_cursor": None})


@blueprint.get("/api/v1/templates/versions")
@endpoint(staff("templates.read"), audit=None)
def list_versions(call: Call) -> Reply:
    """Versions, the newest first; `layer`, `sector` and `part` narrow, `limit` and `cursor` page."""
    limit = limit_of(call)
    found = repository.list_versions(call.connection, call.tenant_id, narrowed(call), before_of(call), limit + 1)
    page = found[:limit]
    next_cursor = cursors.encode(str(page[-1].id)) if len(found) > limit else None
    return Reply(200, {"items": [vars(version) for version in page], "next_cursor": next_cursor})


@blueprint.post("/api/v1/templates/versions")
@endpoint(staff("templates.write"), kind=rules.EXPENSIVE, audit="template.version_added")
def add_version(call: Call) -> Reply:
    """Keep a source as the next version of a part of the agency's layers. It counts once it is released."""
    wanted = call.json(VersionBody)
    version = adding.add_version(
        call.connection, call.tenant_id, wanted.place(), wanted.source, author_of(call), wanted.note
    )
    audit.subject_is(call.connection, "template_version", version.id)
    return Reply(201, vars(version))


@blueprint.get("/api/v1/templates/versions/<version_id:uuid>")
@endpoint(staff("templates.read"), audit=None)
def get_version(call: Call, version_id: UUID) -> Reply:
    """One version with its source."""
    return Reply(200, vars(adding.get_version(call.connection, call.tenant_id, version_id)))


@blueprint.get("/api/v1/templates/versions/<version_id:uuid>/diff")
@endpoint(staff("templates.read"), audit=None)
def compare(call: Call, version_id: UUID) -> Reply:
    """What is different in this version than in the one named by `against`, else in the one in force."""
    version = adding.get_version(call.connection, call.tenant_id, version_id)
    against = call.query.get("against")
    if against is None:
        old = _in_force(call, version.place)
    else:
        old = adding.get_version(call.connection, call.tenant_id, id_of(against, "against"))
    return Reply(200, {"against": _summary(old), "items": [vars(change) for change in diff(old, version)]})


@blueprint.post("/api/v1/templates/preview")
@endpoint(staff("templates.read"), kind=rules.EXPENSIVE, audit=None)
def try_out(call: Call) -> Reply:
    """What a source would change: its `findings`, and block by block what the sample leads would read. Keeps nothing."""
    wanted = call.json(PreviewBody)
    place = wanted.place()
    sector = place.sector or wanted.sample_sector or accounts.tenant(call.connection, call.tenant_id).sector
    return Reply(200, asdict(preview(call.connection, call.tenant_id, place, wanted.source, sector)))


def _in_force(call: Call, place: Place) -> Version:
    """The version of the part that counts, of an experiment the one with the largest share."""
    for release, version in repository.candidates(call.connection, call.tenant_id, [place]):
        if version is not None and version.id == max(release.shares, key=lambda share: share.weight).version_id:
            return version
    raise NotFound("Nothing of this part is released; name the version to compare with as `against`.")


def _summary(version: Version) -> dict[str, Any]:
    return {name: value for name, value in vars(version).items() if name != "source"}


def _part(part: PartInForce) -> dict[str, Any]:
    weights = {share.version_id: share.weight for share in part.release.shares}
    shown: list[VersionSummary] = [*part.versions]
    return {
        "layer": part.release.layer,
        "sector": part.release.sector,
        "part": part.release.part,
        "release": {name: value for name, value in vars(part.release).items() if name != "shares"},
        "versions": [{**vars(version), "weight": weights[version.id]} for version in shown],
        "newest": vars(part.newest),
    }
