"""Choosing among options: by value, number, title, synonym, or something close to them."""

import re
from collections.abc import Sequence
from functools import lru_cache, partial

from rapidfuzz import fuzz, process

from markezy.flows.answers.cleaning import clean, plain
from markezy.flows.answers.mentions import LONGEST_REMARK, said_options
from markezy.flows.answers.ordinals import place_in
from markezy.flows.answers.passages import in_words, passage
from markezy.flows.answers.result import Accepted, Given, Rejected
from markezy.flows.answers.vocabulary import known
from markezy.flows.definition import Option, Question
from markezy.flows.wording import words as said_to_be

_SEPARATOR = re.compile(r"\s*(?:[,;/&+\n]|\b(?:and|et|y|e|und|but|mais|pero)\b)\s*", re.IGNORECASE)
_PLACES = re.compile(r"\d{1,2}(?:\s+\d{1,2})+")
_ARTICLE = re.compile(
    r"(?:(?:it['’]?s|it is|c['’]est|es|we['’]?re|we are|on est|somos)\s+)?"
    r"(?:(?:an?|the|some|by|une?|du|de la|des|les?|la|par|una|el|los|las|por)\s+|l['’])?",
    re.IGNORECASE,
)
_SMALL_FIGURE = re.compile(r"(?<![\d.,])[2-6](?![\d.,])")
_SMALL = (
    ("", "", "two", "three", "four", "five", "six"),
    ("", "", "deux", "trois", "quatre", "cinq", "six"),
    ("", "", "dos", "tres", "cuatro", "cinco", "seis"),
)
_CLOSE_ENOUGH = 84
"""rapidfuzz's ratio for a typo: one wrong letter in seven, roughly."""
_CLEARLY_BETTER = 6
_SHORTEST_TYPO = 4
_SHORTEST_BEGINNING = 5
_LONGEST_QUOTE = 60
_BOTH = 2


def read_choice(question: Question, given: Given, locale: str) -> Accepted | Rejected:
    """One option."""
    found = _find(question, _as_text(given.raw))
    if len(found) == 1:
        return Accepted(found[0].value, found[0].title[locale])
    return _undecided(found, question, given, locale)


def read_choices(question: Question, given: Given, locale: str) -> Accepted | Rejected:
    """Several options: a list of values, or a text that names them."""
    chosen = _listed(question, given.raw) if isinstance(given.raw, list) else _named(question, _as_text(given.raw))
    if isinstance(chosen, str):
        found = _find(question, chosen)
        return _undecided(found, question, Given(chosen), locale)
    chosen = [option for option in question.options if option in chosen]
    least, most = int(question.validation.min or 1), int(question.validation.max or len(question.options))
    if len(chosen) < least:
        return Rejected("too_few", {"min": str(least)})
    if len(chosen) > most:
        return Rejected("too_many", {"max": str(most)})
    return Accepted([option.value for option in chosen], ", ".join(option.title[locale] for option in chosen))


def _listed(question: Question, raw: list[object]) -> list[Option] | str:
    chosen: list[Option] = []
    for part in map(_as_text, raw):
        found = _find(question, part)
        if len(found) != 1:
            return part
        chosen += found
    return chosen


def _named(question: Question, text: str) -> list[Option] | str:
    """The options a text names, or the part of it that names none, or one that can't be told."""
    exact = _exact(question.options, text)
    if len(exact) == 1:
        return exact
    together = _all_or_none(question, text)
    if together:
        return together
    chosen: list[Option] = []
    unclear: str | None = None
    for part in _parts(text):
        found = _find(question, part)
        if len(found) == 1 or (found and found == said_options(passage(part), question)):
            chosen += found
        elif found or not _says_nothing(part):
            unclear = unclear or part
    if unclear is not None or not chosen:
        words = passage(text).words
        said = said_options(passage(text), question) if len(words) > LONGEST_REMARK else []
        return said or unclear or text
    return chosen


def _parts(text: str) -> list[str]:
    if re.fullmatch(r"\s*\d{1,2}(?:[\s,;.]+\d{1,2})+\s*", text):
        return re.findall(r"\d+", text)
    parts = [part for part in _SEPARATOR.split(text) if part.strip()]
    return [one for part in parts for one in (part.split() if _PLACES.fullmatch(part) else [part])] or [text]


def _says_nothing(part: str) -> bool:
    """Whether a part between the choices only joins them ("that's all") or rules one out ("not Facebook")."""
    words = in_words(part)
    if not known("negations").isdisjoint(words):
        return True
    return all(word in known("fillers") or word in known("everyday") for word in words)


def _all_or_none(question: Question, text: str) -> list[Option]:
    words = in_words(text)
    every, both, nothing = known("all_options"), known("both_options"), known("no_option")
    no = said_to_be("no")
    beside = every | both | nothing | known("beside_all_or_none")
    if not words or (plain(text) not in no and any(word not in beside for word in words)):
        return []
    neither = [option for option in question.options if any(set(name.split()) & nothing for name in _names(option))]
    real = [option for option in question.options if option not in neither]
    if not nothing.isdisjoint(words) or plain(text) in no:
        return neither if len(neither) == 1 else []
    if not both.isdisjoint(words):
        return real if len(real) == _BOTH else []
    return real if not every.isdisjoint(words) else []


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


def _find(question: Question, text: str) -> list[Option]:
    """The option meant; several when it can't be told apart, none when nothing fits."""
    options = question.options
    exact = _exact(options, text) or _in_other_order(options, text)
    if exact:
        return exact
    place = place_in(text, len(options))
    if place is not None:
        return [options[place - 1]] if 1 <= place <= len(options) else []
    wanted = plain(text)
    if len(wanted) < _SHORTEST_TYPO:
        return []
    return (
        _typo(options, wanted)
        or _clause(options, text)
        or said_options(passage(text), question)
        or _misspelt(options, wanted)
        or _written_out(question, text)
    )


def _in_word(numbers: Sequence[str], figure: re.Match[str]) -> str:
    return numbers[int(figure[0])]


def _in_other_order(options: Sequence[Option], text: str) -> list[Option]:
    """Options whose words these are, whatever their order and the "please" beside them."""
    said = [word for word in in_words(text) if word not in known("beside_a_choice")]
    if not said or len(said) > LONGEST_REMARK:
        return []
    wanted = sorted(said)
    return [option for option in options if any(sorted(name.split()) == wanted for name in _names(option))]


def _written_out(question: Question, text: str) -> list[Option]:
    """Options named with the number words for the figures in the text: "in 3 months"."""
    if not _SMALL_FIGURE.search(text) or place_in(text, len(question.options)) is not None:
        return []
    written = (_SMALL_FIGURE.sub(partial(_in_word, numbers), text) for numbers in _SMALL)
    found = [option for way in written for option in said_options(passage(way), question)]
    return list({option.value: option for option in found}.values())


def _exact(options: Sequence[Option], text: str) -> list[Option]:
    by_value = [option for option in options if option.value == text]
    if by_value:
        return by_value
    wanted = plain(text)
    return [option for option in options if wanted and wanted in _names(option)]


def _clause(options: Sequence[Option], text: str) -> list[Option]:
    """The option that one clause of the text is, however short its name: "a pub, with live music"."""
    clauses = [_ARTICLE.sub("", clause.strip()) for clause in re.split(r"[,.;:!]", text)]
    found = [option for clause in clauses if clause for option in _exact(options, clause)]
    return found if len(clauses) > 1 or _ARTICLE.match(text) else []


def _typo(options: Sequence[Option], wanted: str) -> list[Option]:
    """Options called nearly like this; a "no" more or less is no typo."""
    refused = _negations(wanted)
    scores: list[tuple[float, Option]] = []
    for option in options:
        names = [name for name in _names(option) if _negations(name) == refused]
        best = process.extractOne(wanted, names, scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
        if best is not None:
            scores.append((best[1], option))
    if not scores:
        return []
    top = max(score for score, _ in scores)
    return [option for score, option in scores if score > top - _CLEARLY_BETTER]


def _misspelt(options: Sequence[Option], wanted: str) -> list[Option]:
    """Options that a word of a short remark nearly is, or is the beginning of; those it names were looked at before."""
    words = wanted.split()
    if len(words) > LONGEST_REMARK or _negations(wanted):
        return []
    long = [word for word in words if len(word) >= _SHORTEST_BEGINNING and word not in known("everyday")]
    return [
        option
        for option in options
        if any(
            name.startswith(word) or fuzz.ratio(word, name) >= _CLOSE_ENOUGH
            for name in _names(option)
            if " " not in name and len(name) >= _SHORTEST_BEGINNING
            for word in long
            if word != name
        )
    ]


def _negations(text: str) -> frozenset[str]:
    """What negates; the French "ne" is as often left out."""
    return known("negations").intersection(text.split()) - {"ne", "n"}


@lru_cache(maxsize=4096)
def _plain_names(titles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(plain, titles))))


def _names(option: Option) -> tuple[str, ...]:
    return _plain_names((*option.title.values(), *option.synonyms, option.value.replace("_", " ")))
