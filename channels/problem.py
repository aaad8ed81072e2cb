"""What a caller did wrong, or what is out of order here: RFC 9457 problem details."""

import json
from http import HTTPStatus

from sanic.response import HTTPResponse


class Problem(Exception):
    """Answered with its status; `detail` is one sentence that says what is wrong and what to do."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    title = "Internal error"

    def __init__(self, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.headers = headers or {}


class Malformed(Problem):
    """The request can't be read at all."""

    status = HTTPStatus.BAD_REQUEST
    title = "Malformed request"


class Unauthenticated(Problem):
    """No valid token came with the request."""

    status = HTTPStatus.UNAUTHORIZED
    title = "No valid token"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, {"WWW-Authenticate": "Bearer"})


class NotFound(Problem):
    """There is no such thing for this caller; somebody else's is no different from a made-up one."""

    status = HTTPStatus.NOT_FOUND
    title = "Not found"


class TooSlow(Problem):
    """The body did not arrive in time."""

    status = HTTPStatus.REQUEST_TIMEOUT
    title = "Request timeout"


class Conflict(Problem):
    """The id is taken by something else."""

    status = HTTPStatus.CONFLICT
    title = "Conflict"


class TooLarge(Problem):
    """The body is larger than any honest one."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    title = "Too large"


class UnsupportedMedia(Problem):
    """A file of a type that isn't taken, or not of the type it says it is."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    title = "Unsupported file"


class Invalid(Problem):
    """The request is understood, but its content can't be accepted."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "Invalid request"


class TooMany(Problem):
    """More at once than one caller may have."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    title = "Too many requests"

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail, {"Retry-After": str(retry_after)})


class InsufficientStorage(Problem):
    """There is no room for it."""

    status = HTTPStatus.INSUFFICIENT_STORAGE
    title = "No room left"


class Unavailable(Problem):
    """Something this answer needs is out of order; the same request may be sent again."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "Temporarily unavailable"

    def __init__(self, detail: str, retry_after: int = 5) -> None:
        super().__init__(detail, {"Retry-After": str(retry_after)})


def rendered(problem: Problem, correlation_id: str) -> HTTPResponse:
    """The problem as `application/problem+json`."""
    document = {
        "type": "about:blank",
        "title": problem.title,
        "status": int(problem.status),
        "detail": problem.detail,
        "correlation_id": correlation_id,
    }
    return HTTPResponse(
        json.dumps(document).encode(),
        status=int(problem.status),
        headers=dict(problem.headers),
        content_type="application/problem+json",
    )
