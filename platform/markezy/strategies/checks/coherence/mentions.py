"""Channels that the running text speaks of as part of the plan are in the plan.

Most names of channels are everyday words too ("events", "reviews"), and a strategy may well say where people are without buying
anything there. So a name counts only where the plan is told, and only where it can be nothing else: a name of several words, or one
word written as the name, within a sentence. Other ways to say it are in `channels.yml`.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import yaml

from markezy.strategies.checks.coherence.naming import CHECK, channel_names
from markezy.strategies.checks.finding import Finding, problem
from markezy.strategies.checks.reading import Reading, Role, words_of

_TOLD = ("summary", "channels", "budget", "forecast")
_ROLES = frozenset({Role.PROSE, Role.ITEM})


def mentions(reading: Reading) -> Iterator[Finding]:
    planned = {part.id for part in reading.plan.channels} | reading.plan.facts.running
    names = channel_names(reading).shown
    present = [name for id_, name in names.items() if id_ in planned]
    absent = {id_: name for id_, name in names.items() if id_ not in planned}
    aliases = _aliases().get(reading.language, {})
    sought = [
        (id_, re.compile("|".join([_named(name), *(rf"(?i:\b{alias}\b)" for alias in aliases.get(id_, ()))])))
        for id_, name in absent.items()
        if name and name not in present
    ]
    for piece in reading.pieces_in(*_TOLD):
        if piece.role not in _ROLES:
            continue
        text = piece.own
        for name in present:
            text = re.sub(re.escape(name), " ", text, flags=re.IGNORECASE)  # a sentence lists it with a small letter
        for id_, pattern in sought:
            found = pattern.search(text)
            if found:
                yield Finding(
                    CHECK, piece.place, problem("channel_not_in_plan", channel=id_, name=found.group().strip())
                )


def _named(name: str) -> str:
    exact = re.escape(name)
    if len(words_of(name)) > 1:
        return rf"(?i:(?<!\w){exact}(?!\w))"
    return rf"(?<=[^.!?:;…] ){exact}(?!\w)|(?<=[«“] ){exact}|(?<=[«“]){exact}(?!\w)"


@lru_cache(maxsize=1)
def _aliases() -> dict[str, dict[str, list[str]]]:
    loaded: dict[str, dict[str, list[str]]] = yaml.safe_load(
        (Path(__file__).parent / "channels.yml").read_text(encoding="utf-8")
    )
    return loaded
