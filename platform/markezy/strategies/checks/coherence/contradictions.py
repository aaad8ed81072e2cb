"""Sentences that contradict what the lead said, by the rules in `contradictions.yml`."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from markezy.strategies.checks.coherence.naming import CHECK
from markezy.strategies.checks.finding import Finding, problem
from markezy.strategies.checks.reading import Reading, folded


class Rule(BaseModel):
    """When everything in it holds, no text may match its patterns."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answered: tuple[str, ...] = ()
    """Each of these questions has an answer."""
    unanswered: tuple[str, ...] = ()
    """None of these has."""
    chose: Mapping[str, tuple[str, ...]] = {}
    """One of the options was chosen, for each question."""
    said: Mapping[str, str] = {}
    """The answer matches this, as a whole, for each question."""
    maturity: str | None = None
    budget: bool | None = None
    """Whether an amount is known."""
    running: bool | None = None
    """Whether any channel runs already."""
    patterns: Mapping[str, tuple[str, ...]]
    """By language; ignoring case."""


def contradictions(reading: Reading) -> Iterator[Finding]:
    texts = [(piece.place, piece.own.replace("'", "’")) for piece in reading.pieces]
    together = "\n".join(text for _, text in texts)
    for id_, rule in rules().items():
        pattern = _pattern(id_, reading.language)
        if pattern is None or not _holds(rule, reading) or not pattern.search(together):
            continue
        for place, text in texts:
            found = pattern.search(text)
            if found:
                yield Finding(CHECK, place, problem("contradiction", rule=id_, words=found.group()))


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    loaded = yaml.safe_load((Path(__file__).parent / "contradictions.yml").read_text(encoding="utf-8"))
    return {id_: Rule.model_validate(rule) for id_, rule in loaded.items()}


@lru_cache(maxsize=128)
def _pattern(id_: str, language: str) -> re.Pattern[str] | None:
    patterns = rules()[id_].patterns.get(language, ())
    return re.compile("|".join(rf"\b(?:{each})" for each in patterns), re.IGNORECASE) if patterns else None


def _holds(rule: Rule, reading: Reading) -> bool:
    facts = reading.plan.facts
    answers = {one.question: one for one in reading.answers}
    return (
        all(question in answers for question in rule.answered)
        and not any(question in answers for question in rule.unanswered)
        and all(
            question in answers and _chose(answers[question].value, *options)
            for question, options in rule.chose.items()
        )
        and all(
            question in answers and re.fullmatch(said, folded(answers[question].display))
            for question, said in rule.said.items()
        )
        and rule.maturity in (None, facts.maturity)
        and rule.budget in (None, facts.budget is not None)
        and rule.running in (None, bool(facts.running))
    )


def _chose(value: Any, *options: str) -> bool:
    chosen = value if isinstance(value, list) else [value]
    return any(option in chosen for option in options)
