import asyncio
from collections.abc import Awaitable, Callable

import pytest

from fairuse.gate import Crowded, FairGate


class Guest:
    """Somebody at the gate: waits, is inside, leaves when told to."""

    def __init__(self, gate: FairGate, whose: str, weight: int = 1) -> None:
        self.whose = whose
        self.inside = False
        self._may_leave = asyncio.Event()
        self._task = asyncio.ensure_future(self._visit(gate, weight))

    async def _visit(self, gate: FairGate, weight: int) -> None:
        async with gate.place(self.whose, weight):
            self.inside = True
            await self._may_leave.wait()
        self.inside = False

    async def leave(self) -> None:
        self._may_leave.set()
        await self._task
        await settled()

    async def give_up(self) -> None:
        self._task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await self._task


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def at_the_gate(visit: Callable[[FairGate], Awaitable[None]], **changes: float) -> None:
    """Run `visit` with a gate of four places, two for an agency of weight 1."""

    async def run() -> None:
        gate = FairGate(**{"total": 4, "share": 2, "waiting": 8, "patience": 20, **changes})  # type: ignore[arg-type]
        await visit(gate)

    asyncio.run(run())


def test_one_agency_never_takes_the_last_place() -> None:
    async def visit(gate: FairGate) -> None:
        flood = [Guest(gate, "a", weight=9) for _ in range(6)]
        await settled()
        assert sum(guest.inside for guest in flood) == 3
        other = Guest(gate, "b")
        await settled()
        assert other.inside
        for guest in [*flood, other]:
            await guest.leave()
        assert gate.inside == 0

    at_the_gate(visit)


def test_weight_gives_more_places() -> None:
    async def visit(gate: FairGate) -> None:
        light = [Guest(gate, "a", 1) for _ in range(4)]
        await settled()
        assert sum(guest.inside for guest in light) == 2
        for guest in light:
            await guest.leave()
        heavy = [Guest(gate, "a", 2) for _ in range(4)]
        await settled()
        assert sum(guest.inside for guest in heavy) == 3
        for guest in heavy:
            await guest.leave()

    at_the_gate(visit)


def test_lines_are_served_in_turn_however_long_one_is() -> None:
    async def visit(gate: FairGate) -> None:
        first = [Guest(gate, "a"), Guest(gate, "a"), Guest(gate, "b"), Guest(gate, "b")]
        await settled()
        flood = [Guest(gate, "a") for _ in range(6)]
        await settled()
        quiet = Guest(gate, "c")
        await settled()
        assert not quiet.inside
        await first[2].leave()  # a place is free, a has its share already
        assert quiet.inside
        assert not any(guest.inside for guest in flood)
        for guest in [*first[:2], first[3], quiet, *flood]:
            await guest.leave()
        assert gate.inside == 0

    at_the_gate(visit)


def test_a_line_that_is_too_long_is_closed() -> None:
    async def visit(gate: FairGate) -> None:
        inside = [Guest(gate, "a"), Guest(gate, "a")]
        await settled()
        waiting = Guest(gate, "a")
        await settled()
        with pytest.raises(Crowded):
            async with gate.place("a"):
                pass
        for guest in [*inside, waiting]:
            await guest.leave()

    at_the_gate(visit, waiting=1)


def test_who_waits_too_long_is_sent_away_and_forgotten() -> None:
    async def visit(gate: FairGate) -> None:
        inside = [Guest(gate, "a"), Guest(gate, "a")]
        await settled()
        with pytest.raises(Crowded):
            async with gate.place("a"):
                pass
        assert gate.waiting("a") == 0
        for guest in inside:
            await guest.leave()
        assert gate.inside == 0

    at_the_gate(visit, patience=0.01)


def test_who_gives_up_leaves_no_place_behind() -> None:
    async def visit(gate: FairGate) -> None:
        inside = [Guest(gate, "a"), Guest(gate, "a")]
        await settled()
        impatient, patient = Guest(gate, "a"), Guest(gate, "a")
        await settled()
        await impatient.give_up()
        await inside[0].leave()
        assert patient.inside
        await inside[1].leave()
        await patient.leave()
        assert gate.inside == 0

    at_the_gate(visit)
