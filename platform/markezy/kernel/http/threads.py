"""The threads in which a web process runs what blocks: authentication and handlers."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from markezy.kernel.http.door import PLACES

_FOR_CALLERS_AT_THE_DOOR = 12


async def hire_threads(_app: Any) -> None:
    """A `before_server_start` listener: more threads than there are places for handlers, whatever the machine has in cores.

    Callers are let in (or turned away) while all places are taken.
    """
    threads = ThreadPoolExecutor(PLACES + _FOR_CALLERS_AT_THE_DOOR, thread_name_prefix="markezy")
    asyncio.get_running_loop().set_default_executor(threads)
