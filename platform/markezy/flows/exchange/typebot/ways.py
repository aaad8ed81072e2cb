"""From one input of a bot to the next: what is said on the way, and under which conditions it is taken."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from markezy.flows.exchange.typebot.bot import Block, Bot, Place
from markezy.flows.exchange.typebot.comparisons import Inexpressible
from markezy.flows.exchange.typebot.questions import TYPES
from markezy.flows.exchange.typebot.texts import bubble_text

Report = Callable[[Place, str], None]
ToCel = Callable[[dict[str, Any]], str]

MOST_WAYS = 60
"""From one question; a bot whose conditions multiply beyond that is cut, and that is reported."""

_NO_COUNTERPART = {
    "image": "an image bubble has no counterpart",
    "video": "a video bubble has no counterpart",
    "audio": "an audio bubble has no counterpart",
    "embed": "an embedded page has no counterpart",
    "Set variable": "setting a variable has no counterpart; a computed field may do what is needed",
    "Redirect": "leads are not sent to another page",
    "Code": "scripts are not run",
    "Typebot link": "another bot can't be entered; import it as a flow of its own",
    "Wait": "there is no waiting",
    "AB test": "variants of a flow are an experiment of their own; the first way is taken",
    "payment input": "payments can't be taken",
}
_ENDLESS = "this leads back to itself without a question; the flow ends here"


@dataclass(frozen=True)
class Way:
    """One way on. `to` is the input it leads to, None for the end; `behind` is the last block before."""

    said: tuple[str, ...]
    to: Place | None
    behind: Place | None
    when: tuple[str, ...] = ()


class Ways:
    """Follows a bot's blocks."""

    def __init__(self, bot: Bot, to_cel: ToCel, report: Report) -> None:
        self._bot = bot
        self._to_cel = to_cel
        self._report = report
        self.passed: set[Place] = set()
        """Every block that was on some way."""

    def from_start(self) -> list[Way]:
        """The ways to the first input."""
        place = self._bot.along(self._bot.start_edge)
        if place is None:
            place = (0, 0)
        return self._cut(place, self._follow(Way((), None, None), place, frozenset()))

    def from_edge(self, edge: str | None, input_: Place) -> list[Way]:
        """The ways from an input: along an edge, or on to the next block when there is none."""
        place = self._bot.along(edge) or (input_[0], input_[1] + 1)
        return self._cut(input_, self._follow(Way((), None, input_), place, frozenset()))

    def _cut(self, at: Place, ways: Iterator[Way]) -> list[Way]:
        found: list[Way] = []
        for way in ways:
            if len(found) == MOST_WAYS:
                self._report(at, f"more than {MOST_WAYS} ways lead on from here; the others are left out")
                return [*found, replace(found[-1], when=())]
            found.append(way)
        return found

    def _follow(self, way: Way, place: Place, seen: frozenset[Place]) -> Iterator[Way]:
        number, position = place
        blocks = self._bot.groups[number].blocks
        if position >= len(blocks):
            yield way
            return
        if place in seen:
            self._report(place, _ENDLESS)
            yield way
            return
        self.passed.add(place)
        seen |= {place}
        block = blocks[position]
        if block.type in TYPES:
            yield replace(way, to=place)
            return
        way = replace(way, behind=place)
        if block.type == "text":
            said = bubble_text(block.content)
            way = replace(way, said=(*way.said, said)) if said else way
        elif block.type == "Condition":
            yield from self._branch(block, way, place, seen)
        else:
            self._left_out(block, place)
        yield from self._follow(way, self._next(block, place), seen)

    def _next(self, block: Block, place: Place) -> Place:
        edge = block.edge
        if block.type == "AB test" and block.items:
            edge = block.items[0].get("outgoingEdgeId") or edge
        if block.type == "Jump":
            return self._bot.at(block.options) or (place[0], place[1] + 1)
        return self._bot.along(edge) or (place[0], place[1] + 1)

    def _branch(self, block: Block, way: Way, place: Place, seen: frozenset[Place]) -> Iterator[Way]:
        for item in block.items:
            content = item.get("content")
            try:
                when = self._to_cel(content if isinstance(content, dict) else {})
            except Inexpressible as error:
                self._report(place, f"a condition is left out, so nobody goes its way: {error}")
                continue
            to = self._bot.along(item.get("outgoingEdgeId")) or (place[0], place[1] + 1)
            yield from self._follow(replace(way, when=(*way.when, when)), to, seen)

    def _left_out(self, block: Block, place: Place) -> None:
        if block.type == "Jump":
            if self._bot.at(block.options) is None:
                self._report(place, "this jump leads nowhere")
            return
        self._report(place, _NO_COUNTERPART.get(block.type, "blocks of this kind have no counterpart"))
