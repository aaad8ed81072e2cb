"""Changing flows: keep a draft, check it, publish it, go back, choose the default."""

from typing import Any

from pydantic import Field
from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.flows import api
from markezy.flows.routes.parameters import Body, DefinitionBody, Note, staff_id
from markezy.kernel.http import Call, Reply, endpoint
from markezy.kernel.http.fields import Name

blueprint = Blueprint("flows_changing")


class DraftBody(Body):
    """A draft as it shall be. `revision` is that of the draft it was made from, null when there was none."""

    name: Name
    definition: dict[str, Any]
    revision: int | None = Field(None, ge=1, le=2**31 - 1)


class PublishBody(Body):
    """`note` tells what is new; with `revision`, that draft is published or none."""

    note: Note = ""
    revision: int | None = Field(None, ge=1, le=2**31 - 1)


class RollbackBody(Body):
    """With `number`, that version is taken back or none."""

    number: int | None = Field(None, ge=1, le=2**31 - 1)


@blueprint.put("/api/v1/flows/<slug:str>/draft")
@endpoint(staff("flows.write"), audit="flow.draft_saved")
def put_draft(call: Call, slug: str) -> Reply:
    """Keep a draft, also an unfinished one: `findings` tell what keeps it from being published."""
    wanted = call.json(DraftBody)
    draft = api.save_draft(
        call.connection, call.tenant_id, slug, wanted.name, wanted.definition, wanted.revision, staff_id(call)
    )
    return Reply(200, {**vars(draft), "findings": api.findings_of(draft.definition)})


@blueprint.delete("/api/v1/flows/<slug:str>/draft")
@endpoint(staff("flows.write"), audit="flow.draft_discarded")
def delete_draft(call: Call, slug: str) -> Reply:
    """Throw the draft away; what is published stays."""
    api.discard_draft(call.connection, call.tenant_id, slug)
    return Reply(204)


@blueprint.post("/api/v1/flows/<slug:str>/check")
@endpoint(staff("flows.read"), audit=None)
def check(call: Call, slug: str) -> Reply:
    """What keeps a definition from being published: the one in the body, without a body the draft. Keeps nothing."""
    if call.request.body:
        return Reply(200, {"findings": api.findings_of(call.json(DefinitionBody).definition)})
    draft = api.get_draft(call.connection, call.tenant_id, slug)
    return Reply(200, {"findings": api.findings_of(draft.definition)})


@blueprint.post("/api/v1/flows/<slug:str>/publish")
@endpoint(staff("flows.write"), audit="flow.published")
def publish(call: Call, slug: str) -> Reply:
    """Publish the draft: conversations that begin from now on get it, those under way keep theirs."""
    wanted = call.json(PublishBody) if call.request.body else PublishBody()
    version = api.publish_draft(
        call.connection, call.tenant_id, slug, wanted.note, staff_id(call), wanted.revision
    )  # fmt: skip
    return Reply(200, vars(version))


@blueprint.post("/api/v1/flows/<slug:str>/rollback")
@endpoint(staff("flows.write"), audit="flow.rolled_back")
def rollback(call: Call, slug: str) -> Reply:
    """Publish again what the published version replaced; a draft stays as it is."""
    wanted = call.json(RollbackBody) if call.request.body else RollbackBody()
    return Reply(200, vars(api.rollback(call.connection, call.tenant_id, slug, staff_id(call), wanted.number)))


@blueprint.put("/api/v1/flows/<slug:str>/default")
@endpoint(staff("flows.write"), audit="flow.default_chosen")
def put_default(call: Call, slug: str) -> Reply:
    """Visitors whose page names no flow get this one from now on; conversations under way keep theirs."""
    api.make_default(call.connection, call.tenant_id, slug)
    return Reply(200, vars(api.get_flow(call.connection, call.tenant_id, slug)))
