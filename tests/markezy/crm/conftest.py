"""The sandbox CRM, listening for real, as the client's other side."""

import asyncio
import socket
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests
from sanic import Sanic
from sanic.server import AsyncioServer

from devstack.sandbox.crm.routes import blueprint
from devstack.sandbox.crm.store import Portal, Store


@dataclass(frozen=True)
class SandboxCrm:
    url: str
    host: str
    app: Sanic

    def portal(self, token: str) -> Portal:
        return self.app.ctx.crm.portal(token)

    def fail_next(self, *faults: dict) -> None:
        requests.post(f"{self.url}/sandbox/faults", json=list(faults), timeout=5).raise_for_status()


@pytest.fixture(scope="session")
def sandbox_crm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxCrm]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = Sanic(f"crm-{port}", configure_logging=False)
    app.config.TOUCHUP = False  # Sanic rewrites its own code once a process, whichever app comes first
    app.ctx.crm = Store(tmp_path_factory.mktemp("crm") / "crm.json")
    app.ctx.crm_faults = []
    app.blueprint(blueprint.copy(f"hubspot-{port}"))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(_listen(app, port), loop).result(20)
    host = f"127.0.0.1:{port}"
    yield SandboxCrm(f"http://{host}/hubspot", host, app)
    loop.call_soon_threadsafe(server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


async def _listen(app: Sanic, port: int) -> AsyncioServer:
    server = await app.create_server(host="127.0.0.1", port=port, access_log=False, return_asyncio_server=True)
    assert server is not None
    await server.startup()
    await server.start_serving()
    return server


@pytest.fixture
def token() -> str:
    """Each test has an account of its own in the sandbox CRM."""
    return f"pat-{uuid.uuid4().hex}"
