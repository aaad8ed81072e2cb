"""`GET` and `PUT /api/v1/resuming/settings`: whether and when unfinished conversations are reminded."""

from pydantic import BaseModel, ConfigDict, StrictBool, StrictInt
from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.kernel.http import Call, Reply, endpoint
from markezy.resuming import api
from markezy.resuming.model import ResumingSettings

blueprint = Blueprint("resuming", url_prefix="/api/v1/resuming")


class SettingsBody(BaseModel):
    """The settings, whole."""

    model_config = ConfigDict(extra="forbid")

    remind: StrictBool
    remind_after_hours: StrictInt


@blueprint.get("/settings")
@endpoint(staff("flows.read"), audit=None)
def get_settings(call: Call) -> Reply:
    """The agency's settings, or the defaults."""
    return Reply(200, vars(api.read_settings(call.connection, call.tenant_id)))


@blueprint.put("/settings")
@endpoint(staff("flows.write"), audit="reminders.changed")
def put_settings(call: Call) -> Reply:
    """Replace the settings."""
    given = call.json(SettingsBody)
    wanted = ResumingSettings(given.remind, given.remind_after_hours)
    return Reply(200, vars(api.save_settings(call.connection, call.tenant_id, wanted)))
