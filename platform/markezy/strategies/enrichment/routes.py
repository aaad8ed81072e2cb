"""The agency's language model over HTTP. The key goes in and never comes out."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.kernel.clock import now
from markezy.kernel.errors import Invalid, NotFound
from markezy.kernel.http import Call, Reply, endpoint
from markezy.kernel.outgoing import check_url
from markezy.strategies.enrichment import repository
from markezy.strategies.enrichment.settings import ENRICHABLE, ModelSettings

blueprint = Blueprint("strategy_model", url_prefix="/api/v1")

_Money = Annotated[Decimal, Field(ge=0, le=1_000_000, max_digits=10, decimal_places=4)]


class ModelBody(BaseModel):
    """An OpenAI-compatible endpoint. Without `api_key` the one that is kept already goes on being used."""

    model_config = ConfigDict(extra="forbid")

    base_url: str = Field(min_length=1, max_length=500)
    model: str = Field(min_length=1, max_length=200, pattern=r"^[!-~]+$")
    api_key: str | None = Field(None, min_length=1, max_length=500, pattern=r"^[!-~]+$")
    sections: list[Literal["summary", "situation", "audience", "positioning", "content", "next"]] = Field(min_length=1)
    monthly_cap: _Money
    price_in: _Money
    price_out: _Money
    active: bool = True


@blueprint.get("/strategy-model")
@endpoint(staff("strategy_model.read"), audit=None)
def read_model(call: Call) -> Reply:
    """The settings without the key, amounts as decimal strings, and what this month has cost; NotFound when no model is configured."""
    found = repository.find_settings(call.connection, call.tenant_id)
    if found is None:
        raise NotFound("No language model is configured.")
    return Reply(200, _told(call, found))


@blueprint.put("/strategy-model")
@endpoint(staff("strategy_model.write"), audit="strategy_model.changed")
def save_model(call: Call) -> Reply:
    """Configure the model. Invalid when its address leads into a private network, or no key was ever given."""
    body = call.json(ModelBody)
    check_url(body.base_url, call.settings.allowed_private_hosts)
    known = repository.find_settings(call.connection, call.tenant_id)
    key = body.api_key or (known.api_key if known else None)
    if key is None:
        raise Invalid("The first time, the model's api_key has to be given.")
    given = body.model_dump(exclude={"api_key", "sections"})
    sections = tuple(one for one in ENRICHABLE if one in body.sections)
    settings = ModelSettings(**given, api_key=key, sections=sections)
    repository.save_settings(call.connection, call.tenant_id, settings)
    return Reply(200, _told(call, settings))


@blueprint.delete("/strategy-model")
@endpoint(staff("strategy_model.write"), audit="strategy_model.removed")
def remove_model(call: Call) -> Reply:
    """Forget the model and its key; strategies are written by templates alone from then on."""
    if not repository.remove_settings(call.connection, call.tenant_id):
        raise NotFound("No language model is configured.")
    return Reply(204)


def _told(call: Call, settings: ModelSettings) -> dict[str, Any]:
    month = _this_month()
    spend = repository.spend_of(call.connection, call.tenant_id, month)
    return {
        "base_url": settings.base_url, "model": settings.model, "sections": list(settings.sections), "active": settings.active,
        "monthly_cap": str(settings.monthly_cap), "price_in": str(settings.price_in), "price_out": str(settings.price_out),
        "spend": {"month": month.strftime("%Y-%m"), "spent": str(spend.spent), "calls": spend.calls},
    }  # fmt: skip


def _this_month() -> date:
    return now().date().replace(day=1)
