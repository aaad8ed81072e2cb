"""A Sanic application behind a real socket, for as long as a block runs."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sanic import Sanic

_SECONDS_TO_START = 20


@contextmanager
def serving(app: Sanic, port: int = 0) -> Iterator[str]:
    """The base URL at which `app` answers; port 0 takes a free one."""
    started = threading.Event()
    address: list[str] = []
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        server = await app.create_server(host="127.0.0.1", port=port, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.before_start()
        await server.after_start()
        await server.start_serving()
        host, bound_port = server.server.sockets[0].getsockname()
        address.append(f"http://{host}:{bound_port}")
        started.set()
        await stop.wait()
        await server.before_stop()
        server.close()
        for connection in list(server.connections):
            connection.abort()
        await server.after_stop()

    def run() -> None:
        try:
            loop.run_until_complete(serve())
        finally:
            started.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    if not started.wait(_SECONDS_TO_START) or not address:
        raise RuntimeError(f"{app.name} did not start serving")
    try:
        yield address[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=_SECONDS_TO_START)
