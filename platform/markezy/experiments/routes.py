"""Experiments over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.experiments import api
from markezy.kernel import audit
from markezy.kernel.errors import Malformed
from markezy.kernel.http import Call, Reply, endpoint
from markezy.kernel.http.fields import Name

blueprint = Blueprint("experiments", url_prefix="/api/v1/experiments")


class VariantBody(BaseModel):
    """A version by its number, and its share of the visitors."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    weight: int = 1
    version: int = Field(ge=1, le=2**31 - 1)


class ExperimentBody(BaseModel):
    """An experiment on the flow with the slug `flow`."""

    model_config = ConfigDict(extra="forbid")

    flow: str = Field(min_length=1, max_length=60)
    name: Name
    variants: list[VariantBody] = Field(max_length=api.MOST_VARIANTS)


@blueprint.get("/")
@endpoint(staff("experiments.read"), audit=None)
def list_experiments(call: Call) -> Reply:
    """The agency's experiments, the latest first; `limit` and `cursor` page."""
    limit = call.query.get("limit", "25")
    if not (limit.isascii() and limit.isdigit() and len(limit) < 6):
        raise Malformed("limit is not a number.")
    page = api.list_experiments(call.connection, call.tenant_id, cursor=call.query.get("cursor"), limit=int(limit))
    return Reply(200, {"items": [_shown(one) for one in page.items], "next_cursor": page.next_cursor})


@blueprint.post("/")
@endpoint(staff("experiments.write"), audit="experiment.started")
def start(call: Call) -> Reply:
    """Start comparing versions of a flow: new conversations get one of them, visitors who come back the same one."""
    wanted = call.json(ExperimentBody)
    variants = [api.NewVariant(**variant.model_dump()) for variant in wanted.variants]
    by = UUID(call.principal.id)
    started = api.start(call.connection, call.tenant_id, wanted.flow, wanted.name, variants, by)
    audit.subject_is(call.connection, "experiment", started.id)
    return Reply(201, _shown(started))


@blueprint.get("/<experiment_id:uuid>")
@endpoint(staff("experiments.read"), audit=None)
def get(call: Call, experiment_id: UUID) -> Reply:
    """One experiment; its variants with the conversations `assigned`, `completed` and `qualified`."""
    return Reply(200, _counted(call, api.get(call.connection, call.tenant_id, experiment_id)))


@blueprint.post("/<experiment_id:uuid>/stop")
@endpoint(staff("experiments.write"), audit="experiment.stopped")
def stop(call: Call, experiment_id: UUID) -> Reply:
    """No more conversations are assigned; the published version is for everybody again."""
    return Reply(200, _counted(call, api.stop(call.connection, call.tenant_id, experiment_id)))


def _shown(experiment: api.Experiment) -> dict[str, Any]:
    return {**vars(experiment), "variants": [vars(variant) for variant in experiment.variants]}


def _counted(call: Call, experiment: api.Experiment) -> dict[str, Any]:
    counts = api.counts(call.connection, call.tenant_id, experiment)
    shown = _shown(experiment)
    return {**shown, "variants": [{**variant, **vars(counts[variant["name"]])} for variant in shown["variants"]]}
