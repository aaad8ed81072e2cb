"""`@endpoint`: authentication, one transaction in a worker thread, the answer. The only place that commits a request's work."""

import asyncio
import functools
import re
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import uuid4

from prometheus_client import Histogram
from sanic import Request
from sanic.response import HTTPResponse

from markezy.kernel import audit as audits
from markezy.kernel.errors import Malformed, Problem
from markezy.kernel.http import idempotency
from markezy.kernel.http.auditing import UNDECIDED, Trail, action_of
from markezy.kernel.http.calls import Authenticator, Call, NotPermitted, Principal, Reply, Services, access_of
from markezy.kernel.http.door import Admitted, Door, TooMany
from markezy.kernel.http.operations import mark, name_of
from markezy.kernel.limits import rules
from markezy.kernel.logging import bind, get_logger, security_log, unbind_all

log = get_logger(__name__)

Handler = Callable[..., Reply]
OnProblem = Callable[[Request, Problem], Reply]
Outcome = TypeVar("Outcome")

_CORRELATION_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_under_way: set["asyncio.Task[Any]"] = set()
"""Handlers that run; the event loop itself keeps no hold on a task."""
_INTERNAL = "/internal/"
_SECONDS = Histogram("markezy_http_seconds", "Seconds from request to answer.", ["route", "status"])


@dataclass(frozen=True)
class _Route:
    """What `endpoint` was told."""

    handler: Handler
    authenticate: Authenticator
    on_problem: OnProblem
    kind: str | None
    action: str | None


def endpoint(
    authenticate: Authenticator,
    on_problem: OnProblem | None = None,
    kind: str | None = None,
    audit: str | None = UNDECIDED,
) -> Callable[[Handler], Callable[..., Awaitable[HTTPResponse]]]:
    """Make a synchronous handler `(call: Call, **path) -> Reply` a Sanic handler.

    `authenticate` decides who calls. Problems are answered as problem details, or by `on_problem`. A request with an
    `Idempotency-Key` that was answered before gets the first answer again, without running the handler. `kind` is the class
    whose limits hold (`kernel.limits.rules`); without one, the method decides between reading and writing. `audit` is the action as
    which the requests are written down, None for what nobody needs to look up later.
    """

    def decorate(handler: Handler) -> Callable[..., Awaitable[HTTPResponse]]:
        action = action_of(audit, access_of(authenticate), name_of(handler))
        served = _Route(handler, authenticate, on_problem or _as_problem_details, kind, action)

        @functools.wraps(handler)
        async def serve(request: Request, **path: Any) -> HTTPResponse:
            started = time.perf_counter()
            correlation_id = correlation_id_of(request)
            told: dict[str, str] = {}
            reply = await _answer(served, request, correlation_id, path, told)
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

        mark(serve, handler, authenticate, audit)
        return serve

    return decorate


def correlation_id_of(request: Request) -> str:
    """The caller's correlation id if it has the agreed form, else a new one."""
    given = request.headers.get("x-correlation-id", "")
    return given if _CORRELATION_ID.fullmatch(given) else str(uuid4())


async def _answer(
    route: _Route, request: Request, correlation_id: str, path: dict[str, Any], told: dict[str, str]
) -> Reply:
    """Authentication and counting first; then, when it is this agency's turn, the handler. `told` collects headers."""
    door: Door = request.app.ctx.services.door
    trail = Trail(route.action, name_of(route.handler), route.kind, request, correlation_id, path)
    guard = functools.partial(_guarded, route, request, correlation_id, told)
    admitted = await asyncio.to_thread(guard, functools.partial(_admit, route, request, trail))
    if isinstance(admitted, Reply):
        return admitted
    principal, admission = admitted
    told.update(admission.told)
    serve = functools.partial(_serve, route, request, principal, correlation_id, path, trail)
    try:
        reply = await _to_its_end(_in_place(door, admission, functools.partial(guard, serve)))
    except TooMany as problem:
        log.warning("request.crowded_out", route=route.handler.__name__, tenant_id=str(principal.tenant_id))
        return route.on_problem(request, problem)
    if trail.afterwards:
        _keep(asyncio.ensure_future(asyncio.to_thread(trail.write_afterwards)))
    return reply


async def _in_place(door: Door, admission: Admitted, work: Callable[[], Reply]) -> Reply:
    async with door.place(admission):
        return await asyncio.to_thread(work)


async def _to_its_end(work: Coroutine[Any, Any, Outcome]) -> Outcome:
    """A thread can't be stopped: whoever hangs up keeps the place until the work is done."""
    return await asyncio.shield(_keep(asyncio.ensure_future(work)))


def _keep(task: "asyncio.Task[Outcome]") -> "asyncio.Task[Outcome]":
    _under_way.add(task)
    task.add_done_callback(_forget)
    return task


def _forget(task: "asyncio.Task[Any]") -> None:
    _under_way.discard(task)
    if not task.cancelled():
        task.exception()


def _guarded(
    route: _Route, request: Request, correlation_id: str, told: dict[str, str], work: Callable[[], Outcome]
) -> Outcome | Reply:
    """Run `work` in this thread; what it raises becomes an answer."""
    name, on_problem = route.handler.__name__, route.on_problem
    unbind_all()
    door: Door = request.app.ctx.services.door
    bind(correlation_id=correlation_id, address=door.address_hash(request))
    try:
        return work()
    except TooMany as refusal:
        told.update(refusal.told)
        log.info("request.over_limit", route=name)
        if route.kind == rules.LOGIN:
            security_log.warning("login.throttled", route=name)
        return on_problem(request, refusal)
    except Problem as problem:
        log.info("request.refused", route=name, status=problem.status)
        return on_problem(request, problem)
    except UnicodeDecodeError:
        return on_problem(request, Malformed("The request is not valid UTF-8."))
    except Exception:
        log.exception("request.failed", route=name)
        return on_problem(request, Problem("Something went wrong on our side; it has been logged. Please try again."))


def _admit(route: _Route, request: Request, trail: Trail) -> tuple[Principal, Admitted]:
    """Who calls, counted exactly once: with their agency when it is known, else as a stranger."""
    services: Services = request.app.ctx.services
    door, kind = services.door, route.kind or rules.kind_of(request.method)
    address = door.address_hash(request)
    if not request.path.startswith(_INTERNAL):  # our own processes may share an address with somebody noisy
        door.turn_away(address, kind)
    try:
        principal = route.authenticate(request, services)
    except Problem as problem:
        door.admit_stranger(address, kind)
        trail.refused(problem.principal if isinstance(problem, NotPermitted) else None, problem.status)
        raise
    if principal.tenant_id is None:
        return principal, door.admit_stranger(address, kind)
    if principal.kind == "service":
        return principal, door.admit_service(principal.tenant_id)
    return principal, door.admit_member(address, principal.tenant_id, f"{principal.kind}:{principal.id}", kind)


def _serve(
    route: _Route, request: Request, principal: Principal, correlation_id: str, path: dict[str, Any], trail: Trail
) -> Reply:
    services: Services = request.app.ctx.services
    bind(tenant_id=str(principal.tenant_id), principal=principal.id)
    transaction = (
        services.database.unscoped()
        if principal.tenant_id is None
        else services.database.transaction(principal.tenant_id)
    )
    try:
        with transaction as connection, audits.noting(connection, trail.notes):
            call = Call(request, services, principal, connection, correlation_id)
            reply = idempotency.answer_once(call, functools.partial(route.handler, call, **path), path.get("lead_id"))
            trail.answered(connection, principal, reply.status)
        return reply if reply.afterwards is None else reply.afterwards()
    except Problem as problem:
        trail.refused(principal, problem.status)
        raise


def _as_problem_details(_request: Request, problem: Problem) -> Reply:
    return Reply.problem(problem)
