"""Errors in the domain's words. The edge turns them into problem details (RFC 9457); nobody else knows HTTP."""

from collections.abc import Mapping
from typing import Any


class Problem(Exception):
    """Something the caller can understand and act on: answered with its status, logged quietly.

    `detail` is one sentence that says what is wrong and what to do; `extra` becomes further members of the problem
    document.
    """

    status = 500
    title = "Internal error"

    def __init__(self, detail: str, **extra: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra: Mapping[str, object] = extra


class Invalid(Problem):
    """The request is understood but its content can't be accepted."""

    status = 422
    title = "Invalid request"


class Malformed(Problem):
    """The request can't be read at all."""

    status = 400
    title = "Malformed request"


class Unauthenticated(Problem):
    """No valid credential came with the request."""

    status = 401
    title = "Not logged in"


class Forbidden(Problem):
    """The caller is known but may not do this."""

    status = 403
    title = "Not allowed"


class NotFound(Problem):
    """There is no such thing for this tenant; another tenant's id is no different from a made-up one."""

    status = 404
    title = "Not found"


class Conflict(Problem):
    """The thing changed in the meantime, or exists already."""

    status = 409
    title = "Conflict"


class TooManyRequests(Problem):
    """The caller has to wait; `retry_after` is in seconds."""

    status = 429
    title = "Too many requests"

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail, retry_after=retry_after)
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.detail, self.retry_after)
