"""The web process: staff API, console and the internal API, one Sanic application."""

import asyncio
from collections.abc import Callable
from typing import Any

import prometheus_client
from redis import Redis
from sanic import Request, Sanic
from sanic.exceptions import NotFound as NoSuchRoute
from sanic.exceptions import SanicException
from sanic.response import HTTPResponse, json, raw

from fairuse.addresses import TrustedProxies
from markezy.accounts import routes as accounts
from markezy.audit import routes as audit
from markezy.consents import routes as consents
from markezy.console import routes as console
from markezy.crm import routes as crm
from markezy.experiments import routes as experiments
from markezy.flows import routes as flows
from markezy.handover import routes as handover
from markezy.kernel.db import open_database
from markezy.kernel.errors import NotFound, Problem
from markezy.kernel.http import Reply, Services
from markezy.kernel.http.openapi import document
from markezy.kernel.http.operations import operations
from markezy.kernel.http.threads import hire_threads
from markezy.kernel.logging import configure_logging, configure_security_log, get_logger
from markezy.kernel.settings import Settings, load_settings
from markezy.leads import routes as leads
from markezy.privacy import routes as privacy
from markezy.resuming import routes as resuming
from markezy.strategies import routes as strategies
from markezy.strategies.enrichment import routes as strategy_model
from transport.guard import Guard

log = get_logger(__name__)

App = Sanic[Any, Any]

BLUEPRINTS = (
    accounts.blueprint,
    leads.blueprint,
    flows.blueprint,
    experiments.blueprint,
    strategies.blueprint,
    strategy_model.blueprint,
    crm.blueprint,
    handover.blueprint,
    resuming.blueprint,
    privacy.blueprint,
    audit.blueprint,
    consents.blueprint,
    console.blueprint,
)

VERSION = "0.3.0"
_LARGEST_BODY = 1_000_000
_CONNECTIONS_PER_TENANT = 12
"""Of 16, and more than one tenant has handlers at once (kernel/http/door.py), so that a handler may open a second one."""


def create_app(settings: Settings, name: str = "markezy") -> App:
    """The application with its services opened; nothing is global, so that tests may have several."""
    app = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = _LARGEST_BODY
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.ctx.services = Services(
        settings=settings,
        database=open_database(settings, most_per_tenant=_CONNECTIONS_PER_TENANT),
        redis=Redis.from_url(settings.redis_url.get_secret_value()),
    )
    guard = Guard(settings.transport(), TrustedProxies(settings.trusted_proxies))
    app.register_middleware(guard.on_request, "request")
    app.register_middleware(guard.on_response, "response")
    for blueprint in BLUEPRINTS:
        app.blueprint(blueprint)
    app.add_route(_healthz, "/healthz", name="healthz")
    app.add_route(_readyz, "/readyz", name="readyz")
    app.add_route(_openapi, "/api/v1/openapi.json", name="openapi")
    app.add_route(_metrics, "/metrics", name="metrics")
    app.exception(SanicException)(_refuse)
    app.before_server_start(hire_threads)
    app.after_server_stop(_close)
    return app


async def _healthz(_request: Request) -> HTTPResponse:
    return json({"status": "alive"})


async def _readyz(request: Request) -> HTTPResponse:
    services: Services = request.app.ctx.services
    checks: dict[str, Callable[[], object]] = {"database": services.database.ping, "redis": services.redis.ping}
    results = {}
    for name, check in checks.items():
        try:
            await asyncio.to_thread(check)
            results[name] = True
        except Exception:
            log.exception("readiness.failed", dependency=name)
            results[name] = False
    return json({"ready": all(results.values()), "checks": results}, status=200 if all(results.values()) else 503)


async def _openapi(request: Request) -> HTTPResponse:
    """What the staff API is, made from its routes once."""
    if not hasattr(request.app.ctx, "openapi"):
        request.app.ctx.openapi = document(operations(request.app), VERSION)
    return json(request.app.ctx.openapi)


async def _metrics(_request: Request) -> HTTPResponse:
    return raw(prometheus_client.generate_latest(), content_type=prometheus_client.CONTENT_TYPE_LATEST)


async def _refuse(_request: Request, error: SanicException) -> HTTPResponse:
    """Sanic's own refusals (unknown route, wrong method, body too large) in the form of all others."""
    if isinstance(error, NoSuchRoute):
        return Reply.problem(NotFound("There is nothing at this address.")).response()
    problem = Problem(str(error) or "The request can't be served.")
    problem.status = error.status_code
    problem.title = "Request refused"
    return Reply.problem(problem).response()


async def _close(app: App) -> None:
    app.ctx.services.database.dispose()
    app.ctx.services.redis.close()
    app.ctx.services.door.close()


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    configure_logging("web")
    settings = load_settings()
    configure_security_log("web", settings.security_log)
    transport = settings.transport()
    transport.require_https()
    create_app(settings).run(
        host=settings.host, port=settings.port, ssl=transport.server_context(), single_process=True, access_log=False,
        motd=False, debug=False,
    )  # fmt: skip


if __name__ == "__main__":
    main()
