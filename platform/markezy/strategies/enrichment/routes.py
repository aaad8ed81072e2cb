"""The agency's language model over HTTP. The key goes in and never comes out."""

from typing import Any

from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.kernel.errors import NotFound
from markezy.kernel.http import Call, Reply, endpoint
from markezy.strategies.enrichment import repository
from markezy.strategies.enrichment.configuring import ModelValues, configure, forget, standing
from markezy.strategies.enrichment.settings import ModelSettings

blueprint = Blueprint("strategy_model", url_prefix="/api/v1")


@blueprint.get("/strategy-model")
@endpoint(staff("strategy_model.read"), audit=None)
def read_model(call: Call) -> Reply:
    """The settings without the key, amounts as decimal strings, what this month has cost, until when nothing is asked after failures
    (`rests_until`), and the last failures; NotFound when no model is configured."""
    found = repository.find_settings(call.connection, call.tenant_id)
    if found is None:
        raise NotFound("No language model is configured.")
    return Reply(200, _told(call, found))


@blueprint.put("/strategy-model")
@endpoint(staff("strategy_model.write"), audit="strategy_model.changed")
def save_model(call: Call) -> Reply:
    """Configure the model. Invalid when its address leads into a private network, when no key was ever given, or when the host is
    another one and its key is not given."""
    kept = configure(call.connection, call.tenant_id, call.settings, call.json(ModelValues))
    return Reply(200, _told(call, kept))


@blueprint.delete("/strategy-model")
@endpoint(staff("strategy_model.write"), audit="strategy_model.removed")
def remove_model(call: Call) -> Reply:
    """Forget the model and its key; strategies are written by templates alone from then on."""
    forget(call.connection, call.services.redis, call.tenant_id)
    return Reply(204)


def _told(call: Call, settings: ModelSettings) -> dict[str, Any]:
    now = standing(call.connection, call.services.redis, call.tenant_id)
    return {
        "base_url": settings.base_url, "model": settings.model, "sections": list(settings.sections), "active": settings.active,
        "monthly_cap": str(settings.monthly_cap), "price_in": str(settings.price_in), "price_out": str(settings.price_out),
        "spend": {"month": now.month.strftime("%Y-%m"), "spent": str(now.spend.spent), "calls": now.spend.calls},
        "rests_until": now.rests_until, "failures": [vars(one) for one in now.faults],
    }  # fmt: skip
