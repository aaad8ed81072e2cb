"""`/healthz`, `/readyz` and `/metrics` at the root of Rasa's server.

A channel, because that is what Rasa mounts; it carries no messages. Its prefix `/` takes it out of `/webhooks/`.
"""

import asyncio
from collections.abc import Awaitable
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from rasa.core.channels.channel import InputChannel
from redis.asyncio import Redis
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from channels.database import transaction
from channels.edge import reply
from channels.settings import setting
from channels.turns import OnNewMessage

_PATIENCE = 3.0


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
        redis: Redis[bytes] = Redis.from_url(setting("REDIS_URL"), socket_timeout=2, socket_connect_timeout=2)

        async def alive(_request: Request) -> HTTPResponse:
            return reply({"status": "alive"})

        async def ready(request: Request) -> HTTPResponse:
            checks = {
                "model": _has_model(request.app),
                "database": await _works(_query()),
                "redis": await _works(redis.ping()),
            }
            status = "ready" if all(checks.values()) else "not ready"
            return reply({"status": status, "checks": checks}, 200 if status == "ready" else 503)

        async def metrics(_request: Request) -> HTTPResponse:
            return HTTPResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)

        async def finish(_app: Sanic, _loop: Any) -> None:
            await redis.close()

        blueprint.add_route(alive, "/healthz", methods=["GET"])
        blueprint.add_route(ready, "/readyz", methods=["GET"])
        blueprint.add_route(metrics, "/metrics", methods=["GET"])
        blueprint.listener("before_server_stop")(finish)
        return blueprint


def _has_model(app: Sanic) -> bool:
    agent = getattr(app.ctx, "agent", None)
    return agent is not None and agent.is_ready()


async def _query() -> None:
    async with transaction(None) as connection:
        await (await connection.execute("SELECT 1")).fetchone()


async def _works(check: Awaitable[Any]) -> bool:
    try:
        await asyncio.wait_for(check, _PATIENCE)
    except Exception:
        return False
    return True
