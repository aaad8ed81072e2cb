"""API keys: with what the agency's programs call."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from sanic import Blueprint

from markezy.accounts import api
from markezy.accounts.api import staff
from markezy.accounts.routes import shown
from markezy.accounts.routes.callers import Body, caller
from markezy.kernel.http import Call, Reply, endpoint
from markezy.kernel.http.fields import Name

blueprint = Blueprint("api_keys", url_prefix="/api/v1/api-keys")


class NewKey(Body):
    """What a key is called, what it may, and until when; without `expires_at`, until it is revoked."""

    name: Name
    scopes: list[str] = Field(min_length=1, max_length=100)
    expires_at: datetime | None = None


@blueprint.get("/")
@endpoint(staff("api_keys.read"), audit="api_keys.listed")
def list_keys(call: Call) -> Reply:
    """The agency's keys, the newest first; of the keys themselves only the beginning. And the scopes there are."""
    found = api.api_keys_of(call.connection, call.tenant_id)
    return Reply(200, {"items": [shown.api_key(one) for one in found], "scopes": api.api_key_scopes()})


@blueprint.post("/")
@endpoint(staff("api_keys.write"), audit="api_key.created")
def create(call: Call) -> Reply:
    """A new key. `key` is shown this once: only a hash of it is kept."""
    given = call.json(NewKey)
    made, key = api.create_api_key(call.connection, caller(call), given.name, given.scopes, given.expires_at)
    return Reply(201, {**shown.api_key(made), "key": key}, shown.NO_STORE)


@blueprint.delete("/<key_id:uuid>")
@endpoint(staff("api_keys.write"), audit="api_key.revoked")
def revoke(call: Call, key_id: UUID) -> Reply:
    """The key opens nothing from now on."""
    api.revoke_api_key(call.connection, call.tenant_id, key_id)
    return Reply(204)
