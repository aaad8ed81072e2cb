"""`@endpoint`: authentication, one transaction in a worker thread, the answer. The only place that commits a request's work."""

import asyncio
import functools
import re
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar
from uuid import uuid4

from prometheus_client import Histogram
from sanic import Request
from sanic.response import HTTPResponse

from markezy.kernel.errors import Malformed, Problem
from markezy.kernel.http import idempotency
from markezy.kernel.http.calls import Authenticator, Call, Principal, Reply, Services
from markezy.kernel.http.door import Admitted, Door, TooMany
from markezy.kernel.http.operations import mark
from markezy.kernel.limits import rules
from markezy.kernel.logging import bind, get_logger, unbind_all

log = get_logger(__name__)

Handler = Callable[..., Reply]
OnProblem = Callable[[Request, Problem], Reply]
Outcome = TypeVar("Outcome")

_CORRELATION_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_under_way: set["asyncio.Task[Any]"] = set()
"""Handlers that run; the event loop itself keeps no hold on a task."""
_INTERNAL = "/internal/"
_SECONDS = Histogram("markezy_http_seconds", "Seconds from request to answer.", ["route", "status"])


def endpoint(
    authenticate: Authenticator, on_problem: OnProblem | None = None, kind: str | None = None
) -> Callable[[Handler], Callable[..., Awaitable[HTTPResponse]]]:
    """Make a synchronous handler `(call: Call, **path) -> Reply` a Sanic handler.

    `authenticate` decides who calls. Problems are answered as problem details, or by `on_problem`. A request with an
    `Idempotency-Key` that was answered before gets the first answer again, without running the handler. `kind` is the class
    whose limits hold (`kernel.limits.rules`); without one, the method decides between reading and writing.
    """

    def decorate(handler: Handler) -> Callable[..., Awaitable[HTTPResponse]]:
        @functools.wraps(handler)
        async def serve(request: Request, **path: Any) -> HTTPResponse:
            started = time.perf_counter()
            correlation_id = correlation_id_of(request)
            told: dict[str, str] = {}
            reply = await _answer(
                handler, authenticate, on_problem or _as_problem_details, kind, request, correlation_id, path, told
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
            response.headers.update(told)
            return response

        mark(serve, handler, authenticate)
        return serve

    return decorate


def correlation_id_of(request: Request) -> str:
    """The caller's correlation id if it has the agreed form, else a new one."""
    given = request.headers.get("x-correlation-id", "")
    return given if _CORRELATION_ID.fullmatch(given) else str(uuid4())


async def _answer(
    handler: Handler,
    authenticate: Authenticator,
    on_problem: OnProblem,
    kind: str | None,
    request: Request,
    correlation_id: str,
    path: dict[str, Any],
    told: dict[str, str],
) -> Reply:
    """Authentication and counting first; then, when it is this agency's turn, the handler. `told` collects headers."""
    door: Door = request.app.ctx.services.door
    guard = functools.partial(_guarded, on_problem, handler.__name__, request, correlation_id, told)
    admitted = await asyncio.to_thread(guard, functools.partial(_admit, authenticate, kind, request))
    if isinstance(admitted, Reply):
        return admitted
    principal, admission = admitted
    told.update(admission.told)
    serve = functools.partial(_serve, handler, request, principal, correlation_id, path)
    try:
        return await _to_its_end(_in_place(door, admission, functools.partial(guard, serve)))
    except TooMany as problem:
        log.warning("request.crowded_out", route=handler.__name__, tenant_id=str(principal.tenant_id))
        return on_problem(request, problem)


async def _in_place(door: Door, admission: Admitted, work: Callable[[], Reply]) -> Reply:
    async with door.place(admission):
        return await asyncio.to_thread(work)


async def _to_its_end(work: Coroutine[Any, Any, Outcome]) -> Outcome:
    """A thread can't be stopped: whoever hangs up keeps the place until the work is done."""
    task = asyncio.ensure_future(work)
    _under_way.add(task)
    task.add_done_callback(_forget)
    return await asyncio.shield(task)


def _forget(task: "asyncio.Task[Any]") -> None:
    _under_way.discard(task)
    if not task.cancelled():
        task.exception()


def _guarded(
    on_problem: OnProblem,
    route: str,
    request: Request,
    correlation_id: str,
    told: dict[str, str],
    work: Callable[[], Outcome],
) -> Outcome | Reply:
    """Run `work` in this thread; what it raises becomes an answer."""
    unbind_all()
    bind(correlation_id=correlation_id)
    try:
        return work()
    except TooMany as refusal:
        told.update(refusal.told)
        log.info("request.over_limit", route=route)
        return on_problem(request, refusal)
    except Problem as problem:
        log.info("request.refused", route=route, status=problem.status)
        return on_problem(request, problem)
    except UnicodeDecodeError:
        return on_problem(request, Malformed("The request is not valid UTF-8."))
    except Exception:
        log.exception("request.failed", route=route)
        return on_problem(request, Problem("Something went wrong on our side; it has been logged. Please try again."))


def _admit(authenticate: Authenticator, kind: str | None, request: Request) -> tuple[Principal, Admitted]:
    """Who calls, counted exactly once: with their agency when it is known, else as a stranger."""
    services: Services = request.app.ctx.services
    door, kind = services.door, kind or rules.kind_of(request.method)
    address = door.address_hash(request)
    if not request.path.startswith(_INTERNAL):  # our own processes may share an address with somebody noisy
        door.turn_away(address, kind)
    try:
        principal = authenticate(request, services)
    except Problem:
        door.admit_stranger(address, kind)
        raise
    if principal.tenant_id is None:
        return principal, door.admit_stranger(address, kind)
    if principal.kind == "service":
        return principal, door.admit_service(principal.tenant_id)
    return principal, door.admit_member(address, principal.tenant_id, f"{principal.kind}:{principal.id}", kind)


def _serve(
    handler: Handler, request: Request, principal: Principal, correlation_id: str, path: dict[str, Any]
) -> Reply:
    services: Services = request.app.ctx.services
    bind(tenant_id=str(principal.tenant_id), principal=principal.id)
    transaction = (
        services.database.unscoped()
        if principal.tenant_id is None
        else services.database.transaction(principal.tenant_id)
    )
    with transaction as connection:
        call = Call(request, services, principal, connection, correlation_id)
        return idempotency.answer_once(call, functools.partial(handler, call, **path), path.get("lead_id"))


def _as_problem_details(_request: Request, problem: Problem) -> Reply:
    return Reply.problem(problem)
