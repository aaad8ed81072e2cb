"""A Sanic application behind a real socket, for as long as a block runs."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sanic import Sanic

_SECONDS_TO_START = 20


@contextmanager
def serving(app: Sanic, port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """The base URL at which `app` answers, by HTTPS with `tls`; port 0 takes a free one."""
    started = threading.Event()
    # Sanic rewrites its own methods when an application starts, which works once in a process; tests have several.
    app.config.TOUCHUP = False
    # Sanic takes port 0 for its default port, so the socket is bound here.
    listener = socket.create_server(("127.0.0.1", port))
    url = f"http{'s' if tls else ''}://127.0.0.1:{listener.getsockname()[1]}"
    failure: list[BaseException] = []
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        server = await app.create_server(sock=listener, ssl=tls, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.before_start()
        await server.after_start()
        await server.start_serving()
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
        except BaseException as error:
            failure.append(error)
        finally:
            started.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    if not started.wait(_SECONDS_TO_START) or failure:
        raise RuntimeError(f"{app.name} did not start serving") from (failure[0] if failure else None)
    try:
        yield url
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=_SECONDS_TO_START)
