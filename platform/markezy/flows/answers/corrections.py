"""What a lead meant instead of what they said."""

import re
from dataclasses import dataclass
from datetime import date

from markezy.flows.answers.reading import read_answer
from markezy.flows.answers.result import Accepted, Given, Value
from markezy.flows.definition import Question

_NOT = re.compile(r"(?P<new>\S+),? (?:not|pas|no) (?P<old>\S+)$", re.IGNORECASE)


@dataclass(frozen=True)
class Correction:
    """The answer that was meant, and the one it replaces, as far as the words tell."""

    new: str | None = None
    old: str | None = None


def read_correction(text: str) -> Correction:
    """What the words put right."""
    found = _NOT.search(text.strip())
    return Correction(found["new"], found["old"]) if found else Correction()


def matches(question: Question, value: Value, text: str, locale: str, today: date) -> bool:
    """Whether the text, read as an answer to the question, is this value."""
    read = read_answer(question, Given(text), locale, today)
    return isinstance(read, Accepted) and read.value == value
