"""What every answer over HTTPS says (HSTS), and what happens to a request that came to a proxy without it."""

from urllib.parse import urlsplit

from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

from fairuse.addresses import TrustedProxies
from transport.rules import Transport, is_loopback

HSTS = "max-age=31536000"
_PROBES = frozenset({"/healthz", "/readyz", "/metrics", "/health"})
"""Asked by whoever watches the process, from inside."""
_FORWARDED = ("x-forwarded-proto", "x-forwarded-for", "x-forwarded-host", "forwarded")
_SAFE = frozenset({"GET", "HEAD"})


class Guard:
    """A request and a response middleware for a Sanic application or blueprint."""

    def __init__(self, transport: Transport, proxies: TrustedProxies) -> None:
        self._transport = transport
        self._proxies = proxies

    async def on_request(self, request: Request) -> HTTPResponse | None:
        """Behind a proxy: a redirect to HTTPS for who came without and reads, 426 for who came without and writes."""
        if not self._transport.behind_proxy or self._came_encrypted(request) or request.path in _PROBES:
            return None
        if request.method in _SAFE:
            query = f"?{request.query_string}" if request.query_string else ""
            host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
            return HTTPResponse(status=308, headers={"Location": f"https://{host}{request.path}{query}"})
        return HTTPResponse(
            b'{"type":"about:blank","title":"HTTPS needed","status":426,"detail":"Please send this over HTTPS."}',
            status=426,
            headers={"Upgrade": "TLS/1.2, HTTP/1.1", "Connection": "Upgrade"},
            content_type="application/problem+json",
        )

    async def on_response(self, _request: Request, response: BaseHTTPResponse) -> None:
        """Browsers that came once over HTTPS never come without again."""
        if self._transport.https or self._transport.behind_proxy:
            response.headers["Strict-Transport-Security"] = HSTS

    def _came_encrypted(self, request: Request) -> bool:
        if self._proxies.trusts(request.ip) and "x-forwarded-proto" in request.headers:
            return str(request.headers["x-forwarded-proto"]).strip().lower() == "https"
        # Our own processes call from this machine, and not through the proxy.
        return is_loopback(request.ip) and not any(name in request.headers for name in _FORWARDED)
