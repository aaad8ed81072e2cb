"""A tiny platform on a real socket: serves flow versions, takes qualified leads, fails when told to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt

SECRET = "s" * 32


@dataclass
class Platform:
    """What the stand-in knows and has been told."""

    definitions: dict[str, Any]
    outdated: list[dict[str, Any]] = field(default_factory=list)
    """Consents to ask again, told once in answer to a qualified lead."""
    failures: list[int] = field(default_factory=list)
    """Statuses to answer the next requests with; 0 hangs up without an answer."""
    requests: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def calls(self, ending: str) -> list[dict[str, Any]]:
        return [request for request in self.requests if request["path"].endswith(ending)]


def handler_for(platform: Platform) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._note(None)
            if self._failed():
                return
            definition = platform.definitions.get(self.path.rsplit("/", 1)[-1])
            if definition is None:
                self._answer(404, {"title": "Not found"})
            else:
                self._answer(200, {"id": self.path.rsplit("/", 1)[-1], "number": 1, "definition": definition})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._note(body)
            if self._failed():
                return
            if platform.outdated:
                consents, platform.outdated = platform.outdated, []
                self._answer(409, {"title": "Conflict", "consents": consents})
            else:
                self._answer(202, {"lead_id": self.path.split("/")[3]})

        def _note(self, body: Any) -> None:
            token = self.headers["Authorization"].removeprefix("Bearer ")
            platform.requests.append(
                {
                    "method": self.command,
                    "path": self.path,
                    "body": body,
                    "claims": jwt.decode(token, SECRET, algorithms=["HS256"], audience="platform"),
                    "correlation_id": self.headers["X-Correlation-Id"],
                    "key": self.headers["Idempotency-Key"],
                }
            )

        def _failed(self) -> bool:
            if not platform.failures:
                return False
            status = platform.failures.pop(0)
            if status:
                self._answer(status, {"title": "as told"})
            else:
                self.close_connection = True
            return True

        def _answer(self, status: int, body: Any) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: Any) -> None:
            """Quiet."""

    return Handler


@contextmanager
def platform_running(definitions: dict[str, Any]) -> Iterator[Platform]:
    platform = Platform(definitions)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(platform))
    platform.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
