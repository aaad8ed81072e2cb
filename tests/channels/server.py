"""Rasa's server with our channels, in a thread of the test's own process."""

import asyncio
import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from rasa.core.agent import Agent
from rasa.core.run import configure_app, create_http_input_channels
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig
from rasa.utils.log_utils import configure_structlog
from sanic import Sanic

from bot.lock_store import LeaseLockStore
from bot.tracker_store import EventTrackerStore
from tests.channels.action_server import ActionServer

VISITOR_SECRET = "visitor-secret-for-tests-0123456789abcdef"
SERVICE_SECRET = "service-secret-for-tests-0123456789abcdef"
CREDENTIALS = str(Path(__file__).resolve().parents[2] / "credentials.yml")


@dataclass
class Bot:
    """The running server."""

    url: str
    actions: ActionServer
    loop: asyncio.AbstractEventLoop
    app: Any


@contextmanager
def running(database_url: str, model: str) -> Iterator[Bot]:
    """Rasa's server with our channels, in a thread."""
    os.environ.update(
        DATABASE_URL=database_url,
        MARKEZY_VISITOR_SECRET=VISITOR_SECRET,
        MARKEZY_SERVICE_SECRET=SERVICE_SECRET,
        MARKEZY_LIMITS_SCALE="1000",  # all tests' visitors share one address
    )
    actions = ActionServer()
    actions.reset()
    started: threading.Event = threading.Event()
    found: dict[str, Any] = {}

    async def serve() -> None:
        found["stop"] = asyncio.Event()
        await _serve(database_url, model, actions, found, started)

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:
            found["error"] = error
            started.set()
            raise

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert started.wait(120), "the server did not start"
    if "error" in found:
        raise found["error"]
    yield Bot(found["url"], actions, found["loop"], found["app"])
    found["loop"].call_soon_threadsafe(found["stop"].set)
    thread.join(30)
    assert not thread.is_alive(), "the server did not stop"


async def _serve(
    database_url: str, model: str, actions: ActionServer, found: dict[str, Any], started: threading.Event
) -> None:
    configure_structlog(logging.INFO)
    site = web.Application()
    site.router.add_post("/webhook", actions.answer)
    runner = web.AppRunner(site)
    await runner.setup()
    action_socket = _free_socket()
    await web.SockSite(runner, action_socket).start()
    actions.url = f"http://127.0.0.1:{action_socket.getsockname()[1]}/webhook"

    redis_url = os.environ["REDIS_URL"]
    app = configure_app(create_http_input_channels(None, CREDENTIALS), enable_api=False)
    store = EventTrackerStore(Domain.empty(), host=database_url, redis_url=redis_url)
    app.ctx.agent = Agent.load(
        model, tracker_store=store, lock_store=LeaseLockStore(redis_url), action_endpoint=EndpointConfig(actions.url)
    )
    listening = _free_socket()
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=True)
    await server.startup()
    await server.before_start()
    await server.after_start()
    found.update(url=f"http://127.0.0.1:{listening.getsockname()[1]}", loop=asyncio.get_running_loop(), app=app)
    started.set()
    await found["stop"].wait()
    await server.before_stop()
    for connection in list(server.connections):
        connection.close()
    await server.close()
    await server.after_stop()
    await runner.cleanup()
    Sanic._app_registry.pop(app.name, None)


def _free_socket() -> socket.socket:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    return listening
