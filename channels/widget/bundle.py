"""The widget's script, as the TypeScript build left it."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sanic.request import Request
from sanic.response import HTTPResponse

from channels.problem import NotFound

BUNDLE = Path(__file__).resolve().parent / "web" / "dist" / "widget.js"
_CACHE = "public, max-age=300, stale-while-revalidate=86400"
"""Five minutes: a fix reaches every website soon, and a visitor who browses loads the script once."""


@dataclass(frozen=True)
class Script:
    """One build of the script."""

    plain: bytes
    packed: bytes
    etag: str


def serve_script(request: Request) -> HTTPResponse:
    """`widget.js`, compressed where the browser takes it, or 304 when it has this build already."""
    script = _current()
    headers = {
        "Cache-Control": _CACHE,
        "ETag": script.etag,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    if _known(request.headers.get("if-none-match", ""), script.etag):
        return HTTPResponse(status=304, headers=headers)
    body = script.plain
    if _takes_gzip(request.headers.get("accept-encoding", "")):
        headers["Content-Encoding"] = "gzip"
        body = script.packed
    return HTTPResponse(body, headers=headers, content_type="text/javascript; charset=utf-8")


def _takes_gzip(accepted: str) -> bool:
    for offer in accepted.lower().split(","):
        coding, _, quality = offer.partition(";")
        if coding.strip() == "gzip":
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _known(sent: str, etag: str) -> bool:
    tags = [tag.strip() for tag in sent.split(",")]
    return "*" in tags or etag in tags or etag[2:] in tags


def _current() -> Script:
    try:
        changed = BUNDLE.stat().st_mtime_ns
    except FileNotFoundError:
        raise NotFound("The widget has not been built.") from None
    return _read(BUNDLE, changed)


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int) -> Script:
    plain = path.read_bytes()
    # Weak: the same script goes out in two encodings.
    etag = f'W/"{hashlib.sha256(plain).hexdigest()[:32]}"'
    return Script(plain, gzip.compress(plain, mtime=0), etag)
