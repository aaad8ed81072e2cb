"""Flow versions at hand: fetched once, compiled once, kept. They never change."""

import asyncio
from collections import OrderedDict

from markezy.flows.definition import parse_definition
from markezy.flows.engine import Flow, compile_flow
from pydantic import ValidationError

from actions.failure import PlatformRefused
from actions.platform_client import PlatformClient

CAPACITY = 500
"""A compiled flow takes a few hundred kilobytes; the least recently used one makes room."""

_Key = tuple[str, str]


class FlowShelf:
    """For one event loop."""

    def __init__(self, platform: PlatformClient, capacity: int = CAPACITY) -> None:
        self._platform = platform
        self._capacity = capacity
        self._flows: OrderedDict[_Key, Flow] = OrderedDict()
        self._fetching: dict[_Key, asyncio.Task[Flow]] = {}

    async def get(self, tenant_id: str, flow_version_id: str, correlation_id: str) -> Flow:
        """The tenant's flow version; an ActionFailed when the platform doesn't give it. Simultaneous wishes share one call."""
        key = (tenant_id, flow_version_id)
        flow = self._flows.get(key)
        if flow is not None:
            self._flows.move_to_end(key)
            return flow
        task = self._fetching.get(key)
        if task is None:
            task = self._fetching[key] = asyncio.create_task(self._fetch(key, correlation_id))
            task.add_done_callback(lambda _done: self._fetching.pop(key, None))
        # One lead's impatience must not cancel the call others wait for.
        return await asyncio.shield(task)

    async def _fetch(self, key: _Key, correlation_id: str) -> Flow:
        version = await self._platform.flow_version(*key, correlation_id)
        try:
            # Compiling a large flow takes tens of milliseconds.
            flow = await asyncio.to_thread(lambda: compile_flow(parse_definition(version["definition"])))
        except (KeyError, ValidationError, ValueError) as error:
            raise PlatformRefused(f"the flow version can't be used: {type(error).__name__}") from None
        self._flows[key] = flow
        while len(self._flows) > self._capacity:
            self._flows.popitem(last=False)
        return flow
