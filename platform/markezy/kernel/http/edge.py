"""`@endpoint`: authentication, one transaction in a worker thread, the answer. The only place that commits a request's work."""

import asyncio
import functools
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from prometheus_client import Histogram
from sanic import Request
from sanic.response import HTTPResponse

from markezy.kernel.errors import Malformed, Problem
from markezy.kernel.http import idempotency
from markezy.kernel.http.calls import Authenticator, Call, Reply, Services
from markezy.kernel.logging import bind, get_logger, unbind_all

log = get_logger(__name__)

Handler = Callable[..., Reply]
OnProblem = Callable[[Request, Problem], Reply]

_CORRELATION_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_SECONDS = Histogram("markezy_http_seconds", "Seconds from request to answer.", ["route", "status"])


def endpoint(
    authenticate: Authenticator, on_problem: OnProblem | None = None
) -> Callable[[Handler], Callable[..., Awaitable[HTTPResponse]]]:
    """Make a synchronous handler `(call: Call, **path) -> Reply` a Sanic handler.

    `authenticate` decides who calls. Problems are answered as problem details, or by `on_problem`. A request with an
    `Idempotency-Key` that was answered before gets the first answer again, without running the handler.
    """

    def decorate(handler: Handler) -> Callable[..., Awaitable[HTTPResponse]]:
        @functools.wraps(handler)
        async def serve(request: Request, **path: Any) -> HTTPResponse:
            started = time.perf_counter()
            correlation_id = correlation_id_of(request)
            reply = await asyncio.to_thread(
                _serve, handler, authenticate, on_problem or _as_problem_details, request, correlation_id, path
            )
            seconds = time.perf_counter() - started
            route = handler.__module__ + "." + handler.__name__
            _SECONDS.labels(route, reply.status).observe(seconds)
            log.info(
                "request.answered",
                route=route,
                status=reply.status,
                seconds=round(seconds, 4),
                correlation_id=correlation_id,
            )
            response = reply.response()
            response.headers["X-Correlation-Id"] = correlation_id
            return response

        return serve

    return decorate


def correlation_id_of(request: Request) -> str:
    """The caller's correlation id if it has the agreed form, else a new one."""
    given = request.headers.get("x-correlation-id", "")
    return given if _CORRELATION_ID.fullmatch(given) else str(uuid4())


def _serve(
    handler: Handler,
    authenticate: Authenticator,
    on_problem: OnProblem,
    request: Request,
    correlation_id: str,
    path: dict[str, Any],
) -> Reply:
    unbind_all()
    bind(correlation_id=correlation_id)
    services: Services = request.app.ctx.services
    try:
        principal = authenticate(request, services)
        bind(tenant_id=str(principal.tenant_id), principal=principal.id)
        transaction = (
            services.database.unscoped()
            if principal.tenant_id is None
            else services.database.transaction(principal.tenant_id)
        )
        with transaction as connection:
            call = Call(request, services, principal, connection, correlation_id)
            return idempotency.answer_once(call, functools.partial(handler, call, **path))
    except Problem as problem:
        log.info("request.refused", route=handler.__name__, status=problem.status)
        return on_problem(request, problem)
    except UnicodeDecodeError:
        return on_problem(request, Malformed("The request is not valid UTF-8."))
    except Exception:
        log.exception("request.failed", route=handler.__name__)
        return on_problem(request, Problem("Something went wrong on our side; it has been logged. Please try again."))


def _as_problem_details(_request: Request, problem: Problem) -> Reply:
    return Reply.problem(problem)
