"""Which versions count: publish, compare, go back, and the history of it."""

from typing import Any, Literal
from uuid import UUID

from pydantic import Field
from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.kernel import audit, cursors
from markezy.kernel.errors import Invalid
from markezy.kernel.http import Call, Reply, endpoint
from markezy.strategies.routes.parameters import Body, Note, PlaceBody, author_of, before_of, limit_of, narrowed
from markezy.strategies.versions import releasing, repository
from markezy.strategies.versions.model import Release, Share

blueprint = Blueprint("strategies_releases")


class ShareBody(Body):
    """A version, and its share of the leads."""

    version_id: UUID
    weight: int = 1


class ReleaseBody(PlaceBody):
    """`publish` takes one version, or none to take an agency's layer out; `experiment` takes several; `rollback` takes none.

    `number` is that of the release which is replaced: with it, that one is or none. `follows_product` lets the product's next version of
    one of its layers be released by itself; else the part stays with what is published.
    """

    kind: Literal["publish", "experiment", "rollback"]
    versions: list[ShareBody] = Field(default_factory=list, max_length=releasing.MOST_VERSIONS)
    note: Note = ""
    number: int | None = Field(None, ge=0, le=2**31 - 1)
    follows_product: bool = False


@blueprint.get("/api/v1/templates/releases")
@endpoint(staff("templates.read"), audit=None)
def list_releases(call: Call) -> Reply:
    """Releases, the newest first; `layer`, `sector` and `part` narrow, `limit` and `cursor` page."""
    limit = limit_of(call)
    found = repository.list_releases(call.connection, call.tenant_id, narrowed(call), before_of(call), limit + 1)
    page = found[:limit]
    next_cursor = cursors.encode(str(page[-1].id)) if len(found) > limit else None
    return Reply(200, {"items": [_shown(release) for release in page], "next_cursor": next_cursor})


@blueprint.post("/api/v1/templates/releases")
@endpoint(staff("templates.write"), audit="template.released")
def release(call: Call) -> Reply:
    """Decide which versions of a part count for the strategies written from now on; what was written stays as it is."""
    wanted = call.json(ReleaseBody)
    made = _release(call, wanted)
    audit.subject_is(call.connection, "template_release", made.id)
    return Reply(201, _shown(made))


def _release(call: Call, wanted: ReleaseBody) -> Release:
    place, shares = wanted.place(), [Share(each.version_id, each.weight) for each in wanted.versions]
    where = (call.connection, call.tenant_id, place)
    said = (author_of(call), wanted.note)
    if wanted.follows_product and wanted.kind != "publish":
        raise Invalid('"follows_product" goes with "publish".')
    if wanted.kind == "experiment":
        return releasing.experiment(*where, shares, *said, expected_number=wanted.number)
    if wanted.kind == "rollback":
        if shares:
            raise Invalid("A rollback names no versions: it goes back to what was released before.")
        return releasing.rollback(*where, *said, expected_number=wanted.number)
    if len(shares) > 1:
        raise Invalid("One version is published; several are an experiment.")
    version_id = shares[0].version_id if shares else None
    return releasing.publish(
        *where, version_id, *said, follows_product=wanted.follows_product, expected_number=wanted.number
    )


def _shown(release: Release) -> dict[str, Any]:
    shown = {name: value for name, value in vars(release).items() if name != "shares"}
    return {**shown, "versions": [vars(share) for share in release.shares]}
