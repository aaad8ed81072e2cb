"""Bots may lead back to an earlier question; flows don't, because leads go back by themselves."""

from collections.abc import Callable
from typing import Any

Found = Callable[[str, str, str], None]
"""Told the question, the earlier one it led back to, and what happens instead."""


def without_loops(
    questions: dict[str, dict[str, Any]], start: str, end: Callable[[], str], found: Found
) -> dict[str, dict[str, Any]]:
    """The questions without the transitions that lead back.

    Leads who took a conditional one go on as all others do; where everybody was led back, the flow ends.
    """
    done: set[str] = set()
    open_: list[str] = [start]
    waiting = [iter(_targets(questions, start))]
    back: set[tuple[str, str]] = set()
    while waiting:
        to = next(waiting[-1], None)
        if to is None:
            waiting.pop()
            done.add(open_.pop())
        elif to in open_:
            back.add((open_[-1], to))
        elif to not in done:
            open_.append(to)
            waiting.append(iter(_targets(questions, to)))
    return {id_: {**question, "next": _forward(id_, question, back, end, found)} for id_, question in questions.items()}


def _targets(questions: dict[str, dict[str, Any]], id_: str) -> list[str]:
    return [way["to"] for way in questions[id_]["next"] if way["to"] in questions]


def _forward(
    id_: str, question: dict[str, Any], back: set[tuple[str, str]], end: Callable[[], str], found: Found
) -> list[dict[str, str]]:
    ways: list[dict[str, str]] = []
    for way in question["next"]:
        if (id_, way["to"]) not in back:
            ways.append(way)
        elif "when" in way:
            found(id_, way["to"], "leads for whom the condition holds go on like all others")
        else:
            found(id_, way["to"], "the flow ends here instead")
            ways.append({"to": end()})
    return ways
