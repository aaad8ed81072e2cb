"""A gate in front of something scarce: bounded in all, bounded per agency, and the next one in is another agency's."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Crowded(Exception):
    """This agency has more waiting than can be served soon."""


class FairGate:
    """At most `total` inside. One agency alone gets `share` of it for each unit of its weight, and never the last place.

    Belongs to one event loop; nothing here blocks.
    """

    def __init__(self, total: int, share: int, waiting: int, patience: float) -> None:
        """`waiting`: how many of one agency may stand in line; `patience`: seconds they do before they are sent away."""
        self._total = total
        self._share = share
        self._waiting = waiting
        self._patience = patience
        self._inside: dict[str, int] = {}
        self._lines: OrderedDict[str, deque[tuple[asyncio.Future[None], int]]] = OrderedDict()

    @property
    def inside(self) -> int:
        """How many are through."""
        return sum(self._inside.values())

    def waiting(self, whose: str) -> int:
        """How many of one agency stand in line."""
        return len(self._lines.get(whose, ()))

    @asynccontextmanager
    async def place(self, whose: str, weight: int = 1) -> AsyncIterator[None]:
        """A place for the block; Crowded when the agency's line is too long or does not move."""
        most = max(1, min(self._total - 1, self._share * weight))
        if whose in self._lines or not self._has_room(whose, most):
            await self._stand_in_line(whose, most)
        else:
            self._inside[whose] = self._inside.get(whose, 0) + 1
        try:
            yield
        finally:
            self._leave(whose)

    def _has_room(self, whose: str, most: int) -> bool:
        return self.inside < self._total and self._inside.get(whose, 0) < most

    async def _stand_in_line(self, whose: str, most: int) -> None:
        if self.waiting(whose) >= self._waiting:
            raise Crowded
        called: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._lines.setdefault(whose, deque()).append((called, most))
        try:
            # Shielded: a call that comes at the moment of a cancellation still gives a place, which is handed back below.
            await asyncio.wait_for(asyncio.shield(called), self._patience)
        except BaseException as error:
            if called.done() and not called.cancelled():
                self._leave(whose)
            else:
                called.cancel()
                self._forget(whose)
            if isinstance(error, asyncio.TimeoutError):
                raise Crowded from None
            raise

    def _leave(self, whose: str) -> None:
        left = self._inside[whose] - 1
        if left:
            self._inside[whose] = left
        else:
            del self._inside[whose]
        self._call_next()

    def _call_next(self) -> None:
        """Give free places to the lines in turn: whoever was served goes to the end."""
        moved = True
        while moved and self.inside < self._total:
            moved = False
            for whose in list(self._lines):
                line = self._lines[whose]
                called, most = line[0]
                if not self._has_room(whose, most):
                    continue
                line.popleft()
                if line:
                    self._lines.move_to_end(whose)
                else:
                    del self._lines[whose]
                self._inside[whose] = self._inside.get(whose, 0) + 1
                called.set_result(None)
                moved = True
                break

    def _forget(self, whose: str) -> None:
        line = self._lines.get(whose)
        if line is None:
            return
        remaining = deque(one for one in line if not one[0].cancelled())
        if remaining:
            self._lines[whose] = remaining
        else:
            del self._lines[whose]
