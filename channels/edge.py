"""The edge of every channel route: correlation id in, reply or problem out, nothing escapes."""

import json
import re
import traceback
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

import structlog
import uuid_utils
from psycopg import OperationalError
from psycopg_pool import PoolTimeout
from sanic.request import Request
from sanic.response import HTTPResponse

from channels import limits
from channels.database import drop_dead_connections
from channels.problem import Problem, Unavailable, rendered

_CORRELATION_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

Handler = Callable[..., Coroutine[Any, Any, HTTPResponse | None]]


def log() -> Any:
    """The channels' logger. Never pass it message texts, tokens or anything a lead wrote."""
    return structlog.get_logger("channels")


def reply(body: dict[str, Any], status: int = 200) -> HTTPResponse:
    """A JSON answer that no cache keeps."""
    return HTTPResponse(
        json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
        status=status,
        headers={"Cache-Control": "no-store"},
        content_type="application/json",
    )


def where(error: BaseException) -> str:
    """The place an error was raised at. Its text stays out of the log: it may quote what a lead wrote."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in reversed(frames))


def edge(handler: Handler, kind: str | None = None) -> Handler:
    """Give `handler` its `request.ctx.correlation_id`, and turn what it raises into a problem document.

    `kind` is the class of a public route (`channels.limits`). Its handler counts the caller as soon as it knows who that is;
    a request that fails before is counted here, for its address.
    """

    @wraps(handler)
    async def guarded(request: Request, **params: Any) -> Any:
        sent = request.headers.get("x-correlation-id", "")
        correlation_id = sent if _CORRELATION_ID.fullmatch(sent) else str(uuid_utils.uuid7())
        request.ctx.correlation_id = correlation_id
        request.ctx.kind, request.ctx.counted, request.ctx.told = kind, False, {}
        try:
            answer = await _limited(handler, request, params)
        except Problem as problem:
            level = log().warning if problem.status >= 500 else log().info
            level("channels.refused", status=int(problem.status), route=request.name, correlation_id=correlation_id)
            answer = rendered(problem, correlation_id)
        except (OperationalError, PoolTimeout) as error:
            log().error("channels.database_unavailable", error=type(error).__name__, correlation_id=correlation_id)
            await drop_dead_connections()
            answer = rendered(Unavailable("The database can't be reached. Please try again."), correlation_id)
        except Exception as error:
            log().error(
                "channels.failed",
                error=type(error).__name__,
                at=where(error),
                route=request.name,
                correlation_id=correlation_id,
            )
            answer = rendered(Problem("Something went wrong on our side."), correlation_id)
        if request.responded:
            return None  # a stream that has begun can only end
        if answer is not None:
            answer.headers["X-Correlation-Id"] = correlation_id
            for name, value in request.ctx.told.items():
                answer.headers.setdefault(name, value)
        return answer

    return guarded


async def _limited(handler: Handler, request: Request, params: dict[str, Any]) -> HTTPResponse | None:
    """The handler's answer; TooMany instead when the caller is over a limit."""
    if request.ctx.kind is None:
        return await handler(request, **params)
    limits.limits().turn_away(request, request.ctx.kind)
    try:
        return await handler(request, **params)
    except Problem:
        if not request.ctx.counted:
            await limits.admit(request)
        raise
