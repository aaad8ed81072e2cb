"""`/healthz`, `/readyz` and `/metrics` at the root of Rasa's server.

A channel, because that is what Rasa mounts; it carries no messages. Its prefix `/` takes it out of `/webhooks/`.
"""

from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import health, remote_action
from channels.edge import reply
from channels.ops.log_lines import write_json_lines
from channels.transport import guard, require_agreement
from channels.turns import OnNewMessage


class OpsChannel(InputChannel):
    """Health, readiness and figures."""

    @classmethod
    def name(cls) -> str:
        """The channel's name among Rasa's channels."""
        return "ops"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "OpsChannel":
        """Nothing is configured here."""
        return cls()

    def url_prefix(self) -> str:
        """The server's root: Rasa joins this to `/webhooks/`."""
        return "/"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The channel's routes."""
        blueprint = Blueprint("ops")
        guard(blueprint)

        async def alive(_request: Request) -> HTTPResponse:
            return reply({"status": "alive"})

        async def ready(request: Request) -> HTTPResponse:
            checks = await health.ready(getattr(request.app.ctx, "agent", None))
            status = "ready" if all(checks.values()) else "not ready"
            return reply({"status": status, "checks": checks}, 200 if status == "ready" else 503)

        async def metrics(_request: Request) -> HTTPResponse:
            return HTTPResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)

        async def prepare(_app: Sanic, _loop: Any) -> None:
            write_json_lines()

        async def finish(app: Sanic, _loop: Any) -> None:
            await remote_action.close()
            agent = getattr(app.ctx, "agent", None)
            for store in (agent.tracker_store, agent.lock_store) if agent else ():
                if hasattr(store, "close"):
                    await store.close()

        blueprint.add_route(alive, "/healthz", methods=["GET"])
        blueprint.add_route(ready, "/readyz", methods=["GET"])
        blueprint.add_route(metrics, "/metrics", methods=["GET"])
        blueprint.listener("before_server_start")(require_agreement)
        blueprint.listener("after_server_start")(prepare)
        # Connections of turns still under way are in use until now.
        blueprint.listener("after_server_stop")(finish)
        return blueprint
