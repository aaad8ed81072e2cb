"""What is measured of one assistant."""

import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from bench.message_path.clients import Lead, MakeLead
from bench.message_path.script import TEN_QUESTIONS, TWO_HUNDRED_TURNS

CONCURRENT_LEADS = 16


@dataclass
class Measures:
    """Seconds per message, by what was going on."""

    turns: dict[int, list[float]] = field(default_factory=dict)
    """Of ten-question conversations, one lead at a time: turn → seconds."""
    long_turns: dict[int, list[float]] = field(default_factory=dict)
    """Of 200-turn conversations."""
    rates: list[float] = field(default_factory=list)
    """Messages per second with 16 leads at once."""

    def at_turn_10(self) -> float:
        return statistics.median(self.turns[10])

    def all_turns(self) -> list[float]:
        return [second for seconds in self.turns.values() for second in seconds]

    def p95(self) -> float:
        return statistics.quantiles(self.all_turns(), n=20)[-1]

    def long(self, first: int, last: int) -> float:
        """The median of turns `first` to `last` of the 200-turn conversations."""
        return statistics.median(s for turn in range(first, last + 1) for s in self.long_turns[turn])

    def rate(self) -> float:
        return statistics.median(self.rates)


def measure_ten_questions(make_lead: MakeLead, measures: Measures, conversations: int) -> None:
    for _ in range(conversations):
        _talk(make_lead, TEN_QUESTIONS, measures.turns)


def measure_two_hundred_turns(make_lead: MakeLead, measures: Measures, conversations: int) -> None:
    for _ in range(conversations):
        _talk(make_lead, TWO_HUNDRED_TURNS, measures.long_turns)


def measure_concurrent_leads(make_lead: MakeLead, measures: Measures, conversations: int) -> None:
    """16 leads at once, each in `conversations` ten-question conversations; opening them is not counted."""
    leads = [[make_lead() for _ in range(conversations)] for _ in range(CONCURRENT_LEADS)]

    def run(mine: Sequence[Lead]) -> int:
        for lead in mine:
            for text in TEN_QUESTIONS:
                lead.say(text)
        return len(mine) * len(TEN_QUESTIONS)

    with ThreadPoolExecutor(CONCURRENT_LEADS) as pool:
        started = time.perf_counter()
        messages = sum(pool.map(run, leads))
        measures.rates.append(messages / (time.perf_counter() - started))


def _talk(make_lead: MakeLead, texts: Sequence[str], into: dict[int, list[float]]) -> None:
    lead = make_lead()
    for turn, text in enumerate(texts, start=1):
        started = time.perf_counter()
        lead.say(text)
        into.setdefault(turn, []).append(time.perf_counter() - started)
