"""Choosing among options: by value, number, title, synonym, or something close to them."""

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process

from markezy.flows.answers.cleaning import clean, plain
from markezy.flows.answers.result import Accepted, Given, Rejected
from markezy.flows.definition import Option, Question

_NUMBER = re.compile(r"\s*#?(\d{1,2})\s*[.):]?\s*")
_SEPARATOR = re.compile(r"\s*(?:[,;/&+\n]|\b(?:and|et|y|e|und)\b)\s*", re.IGNORECASE)
_NEGATIONS = frozenset(
    [
        "no",
        "not",
        "none",
        "never",
        "don",
        "dont",
        "t",
        "pas",
        "ne",
        "n",
        "non",
        "sans",
        "jamais",
        "aucun",
        "ni",
        "sin",
        "nunca",
        "tampoco",
        "without",
    ]
)
_CLOSE_ENOUGH = 84
"""rapidfuzz's ratio for a typo: one wrong letter in seven, roughly."""
_CLEARLY_BETTER = 6
_SHORTEST_TYPO = 4
_LONGEST_QUOTE = 60
_LONGEST_REMARK = 8
"""Words of a message in which an option's name is taken for the choice; longer ones may say anything about it."""


def read_choice(question: Question, given: Given, locale: str) -> Accepted | Rejected:
    """One option."""
    found = _find(question.options, _as_text(given.raw))
    if len(found) == 1:
        return Accepted(found[0].value, found[0].title[locale])
    return _undecided(found, question, given, locale)


def read_choices(question: Question, given: Given, locale: str) -> Accepted | Rejected:
    """Several options: a list of values, or a text that names them."""
    chosen: list[Option] = []
    for part in _parts(question.options, given.raw):
        found = _find(question.options, part)
        if len(found) != 1:
            return _undecided(found, question, Given(part), locale)
        chosen += [option for option in found if option not in chosen]
    chosen.sort(key=question.options.index)
    least, most = int(question.validation.min or 1), int(question.validation.max or len(question.options))
    if len(chosen) < least:
        return Rejected("too_few", {"min": str(least)})
    if len(chosen) > most:
        return Rejected("too_many", {"max": str(most)})
    return Accepted([option.value for option in chosen], ", ".join(option.title[locale] for option in chosen))


def _parts(options: Sequence[Option], raw: object) -> list[str]:
    if isinstance(raw, list):
        return [_as_text(part) for part in raw]
    text = _as_text(raw)
    if len(_exact(options, text)) == 1:
        return [text]
    if re.fullmatch(r"\s*\d{1,2}(?:[\s,;.]+\d{1,2})+\s*", text):
        return re.findall(r"\d+", text)
    return [part for part in _SEPARATOR.split(text) if part.strip()] or [text]


def _as_text(raw: object) -> str:
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    return clean(str(raw))


def _undecided(found: Sequence[Option], question: Question, given: Given, locale: str) -> Rejected:
    several = found or question.options
    titles = ", ".join(option.title[locale] for option in several)
    heard = _as_text(given.raw)
    if not heard:
        return Rejected("empty")
    return Rejected("ambiguous_option" if found else "not_an_option", {"options": titles, "heard": _shortened(heard)})


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1].rstrip() + "…"


def _find(options: Sequence[Option], text: str) -> list[Option]:
    """The option meant; several when it can't be told apart, none when nothing fits."""
    exact = _exact(options, text)
    if exact:
        return exact
    numbered = _NUMBER.fullmatch(text)
    if numbered:
        place = int(numbered.group(1))
        return [options[place - 1]] if 1 <= place <= len(options) else []
    wanted = plain(text)
    if len(wanted) < _SHORTEST_TYPO:
        return []
    return _typo(options, wanted) or _mentioned(options, wanted)


def _exact(options: Sequence[Option], text: str) -> list[Option]:
    by_value = [option for option in options if option.value == text]
    if by_value:
        return by_value
    wanted = plain(text)
    return [option for option in options if wanted and wanted in _names(option)]


def _typo(options: Sequence[Option], wanted: str) -> list[Option]:
    scores: list[tuple[float, Option]] = []
    for option in options:
        best = process.extractOne(wanted, _names(option), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
        if best is not None:
            scores.append((best[1], option))
    if not scores:
        return []
    top = max(score for score, _ in scores)
    return [option for score, option in scores if score > top - _CLEARLY_BETTER]


def _mentioned(options: Sequence[Option], wanted: str) -> list[Option]:
    words = wanted.split()
    if len(words) > _LONGEST_REMARK or _NEGATIONS.intersection(words):
        return []
    padded = f" {wanted} "
    return [
        option
        for option in options
        if any(len(name) >= _SHORTEST_TYPO and f" {name} " in padded for name in _names(option))
    ]


@lru_cache(maxsize=4096)
def _plain_names(titles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(plain, titles))))


def _names(option: Option) -> tuple[str, ...]:
    return _plain_names((*option.title.values(), *option.synonyms, option.value.replace("_", " ")))
