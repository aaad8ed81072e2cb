"""rasa-sdk's own HTTP application, with our executor, our failures and what operations needs."""

import warnings
from typing import Any

import prometheus_client
from rasa_sdk import endpoint
from rasa_sdk.executor import ActionExecutor
from sanic import Request, Sanic
from sanic.response import HTTPResponse, json, raw

from actions.announcement import ActionAnnounceStrategy
from actions.failure import ActionFailed
from actions.flow_shelf import FlowShelf
from actions.platform_client import PlatformClient
from actions.qualification import all_commands
from actions.settings import Settings
from fairuse.addresses import TrustedProxies
from transport.guard import Guard


class Executor(ActionExecutor):  # type: ignore[misc]
    """Actions that don't read the domain, so that Rasa need not send it."""

    def update_and_return_domain(self, payload: dict[str, Any], action_name: str) -> dict[str, Any]:
        """Whatever came; nothing is compared or kept."""
        return payload.get("domain") or {}


def create_app(settings: Settings) -> Sanic[Any, Any]:
    """The application: `POST /webhook`, `/actions`, `/health`, `/healthz`, `/metrics`."""
    # Rasa open source ended at 3.6; its protocol is the one this SDK speaks, as tests/actions holds.
    warnings.filterwarnings("ignore", message="Your versions of rasa", category=UserWarning)
    platform = PlatformClient(settings)
    executor = Executor()
    for action in (*all_commands(FlowShelf(platform), platform), ActionAnnounceStrategy()):
        executor.register_action(action)
    app: Sanic[Any, Any] = endpoint.create_app(executor, cors_origins=None)
    guard = Guard(settings.transport(), TrustedProxies(settings.trusted_proxies))
    app.register_middleware(guard.on_request, "request")
    app.register_middleware(guard.on_response, "response")
    app.exception(ActionFailed)(_fail)
    app.add_route(_healthz, "/healthz", name="healthz")
    app.add_route(_metrics, "/metrics", name="metrics")
    return app


async def _fail(_request: Request, failure: ActionFailed) -> HTTPResponse:
    """Anything but 200, 400 and 404 tells Rasa that the turn failed. The SDK's own answer would repeat the request."""
    return json({"error": str(failure)}, status=503)


async def _healthz(_request: Request) -> HTTPResponse:
    return json({"status": "alive"})


async def _metrics(_request: Request) -> HTTPResponse:
    return raw(prometheus_client.generate_latest(), content_type=prometheus_client.CONTENT_TYPE_LATEST)
