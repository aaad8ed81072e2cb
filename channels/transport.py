"""How Rasa's server is reached: the rules and the middleware of `transport/` for its channels."""

from typing import Any

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

from channels.settings import setting_or
from fairuse.addresses import TrustedProxies
from transport.guard import Guard
from transport.rules import InsecureTransport, Transport, transport_of

_SETTINGS = (
    "MARKEZY_TLS_CERT", "MARKEZY_TLS_KEY", "MARKEZY_TLS_CA", "MARKEZY_ENVIRONMENT", "MARKEZY_BEHIND_PROXY",
    "MARKEZY_TRUSTED_PROXIES", "MARKEZY_PLATFORM_URL", "MARKEZY_BOT_URL", "MARKEZY_ACTIONS_URL", "DATABASE_URL", "REDIS_URL",
)  # fmt: skip


def transport() -> Transport:
    """The settings understood; InsecureTransport when they must not be started with."""
    return transport_of({name: setting_or(name, "") for name in _SETTINGS})


def guard(blueprint: Blueprint) -> None:
    """Hold the blueprint's routes to HTTPS as the settings say."""
    found = transport()
    watching = Guard(found, TrustedProxies(setting_or("MARKEZY_TRUSTED_PROXIES", "")))

    # Plain functions: a blueprint of this Sanic takes no notice of bound methods.
    async def on_request(request: Request) -> HTTPResponse | None:
        return await watching.on_request(request)

    async def on_response(request: Request, response: BaseHTTPResponse) -> None:
        await watching.on_response(request, response)

    blueprint.middleware(on_request, "request")
    blueprint.middleware(on_response, "response")


async def require_agreement(app: Sanic, _loop: Any) -> None:
    """Before the server listens: it speaks what the settings say. Rasa takes its certificate from the command line."""
    found = transport()
    found.require_https()
    if found.https and app.state.ssl is None:
        raise InsecureTransport(
            "MARKEZY_TLS_CERT is set, but Rasa was started without it: add --ssl-certificate and --ssl-keyfile as in the Procfile."
        )
