"""Any website may talk to the widget's routes: the token in the header says who somebody is, never a cookie."""

from collections.abc import Iterable

from sanic import Blueprint
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

_ALLOWED_HEADERS = "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, X-Correlation-Id"
_REMEMBER_PREFLIGHT = "86400"


def add_cors(blueprint: Blueprint, paths: Iterable[str]) -> None:
    """Answer preflights for `paths` and mark every answer of the blueprint as readable from anywhere."""
    for number, path in enumerate(paths):
        blueprint.add_route(_preflight, path, methods=["OPTIONS"], name=f"preflight_{number}")
    blueprint.middleware(_readable_anywhere, "response")


async def _preflight(request: Request, **_params: str) -> HTTPResponse:
    return HTTPResponse(status=204)


async def _readable_anywhere(request: Request, response: BaseHTTPResponse) -> None:
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = (
        "X-Correlation-Id, Retry-After, RateLimit-Policy, RateLimit, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset"
    )
    # Rasa's own CORS layer may have answered for this origin only, with cookies.
    headers.pop("Access-Control-Allow-Credentials", None)
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
        headers["Access-Control-Allow-Headers"] = _ALLOWED_HEADERS
        headers.setdefault("Content-Type", "text/plain; charset=utf-8")
        headers["Access-Control-Max-Age"] = _REMEMBER_PREFLIGHT
