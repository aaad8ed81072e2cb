"""What a lead meant instead of what they said."""

import re
from dataclasses import dataclass
from datetime import date

from markezy.flows.answers import correcting_words as how
from markezy.flows.answers.cleaning import clean
from markezy.flows.answers.passages import in_words
from markezy.flows.answers.reading import read_answer
from markezy.flows.answers.result import Accepted, Given, Value
from markezy.flows.answers.vocabulary import known
from markezy.flows.definition import Question

_LONGEST = 300
_FEW = 4
"""Words of a value that stands beside another without an "I meant" before it."""

_FLAGS = re.IGNORECASE | re.DOTALL
_NEW, _OLD = r"(?P<new>.+)", r"(?P<old>.+?)"
_POLITE = re.compile(rf"[\s,]*(?:\b{how.POLITE}\b)?[\s.!?]*\Z", _FLAGS)
_ARTICLE = re.compile(r"(?:an?|une?|una)\s+(?=[a-zà-ÿ])")

_MARKED = re.compile(rf"{how.MARKS}(?P<rest>.+)", _FLAGS)
_NEW_NOT_OLD = re.compile(rf"(?P<new>.+?)[\s,;–—-]+{how.NOT}\s+(?P<old>.+)", _FLAGS)
_NOT_OLD_BUT_NEW = re.compile(
    rf"(?:{how.IS}\s+|ce n['’ ]?est\s+)?{how.NOT_FIRST}\s+{_OLD}(?:[\s,;–—-]+{how.BUT}|[,;–—]|\s-)\s+(?:{how.IS}\s+)?{_NEW}",
    _FLAGS,
)
_FROM_TO = re.compile(
    rf"{how.CHANGE}\s+(?:(?:{how.THIS}|{how.SUBJECT})\s+)?(?:(?:from|de|du|desde)\s+)?(?P<old>\S+(?:\s?[€$£k%])?)\s+{how.TO}\s+{_NEW}",
    _FLAGS,
)
_CHANGE_TO = re.compile(rf"{how.CHANGE}\s+(?:{how.THIS}|{how.SUBJECT})\s+{how.TO}\s+{_NEW}", _FLAGS)
_MAKE_IT = re.compile(rf"{how.MAKE}\s+(?:it|that|down|plutôt|mejor)?\s*{_NEW}", _FLAGS)
_SUBJECT_IS = re.compile(rf"{how.SUBJECT}\s+{how.SHOULD_BE}\s+{how.REALLY}?\s*{_NEW}", _FLAGS)
_I_SAID = re.compile(
    rf"(?:.*\W)?{how.I_SAID}\s+{_OLD}(?:\s+{how.BY_MISTAKE})?[\s,;.–—-]+(?:{how.BUT}[\s,]+)?{how.MARKS}{_NEW}", _FLAGS
)


@dataclass(frozen=True)
class Correction:
    """The answer that was meant, and the one it replaces, as far as the words tell."""

    new: str | None = None
    old: str | None = None


def read_correction(text: str) -> Correction:
    """What the words put right: "I meant 5,000, not 500", "not Paris but Lyon", "change my budget to 5000"."""
    said = _POLITE.sub("", clean(text))
    if not said or len(said) > _LONGEST:
        return Correction()
    admitted = _I_SAID.fullmatch(said)
    if admitted:
        return _correction(admitted["new"], admitted["old"])
    marked = _MARKED.fullmatch(said)
    return _change_to(said) or _contrast(said) or (_after_the_mark(marked["rest"]) if marked else _bare(said))


def _change_to(said: str) -> Correction | None:
    for pattern in (_FROM_TO, _CHANGE_TO):
        found = pattern.fullmatch(said)
        if found and ("old" not in found.groupdict() or _is_value(found["old"])):
            return _correction(found["new"], found.groupdict().get("old"))
    return None


def _after_the_mark(rest: str) -> Correction:
    """What stands behind "I meant" and the like."""
    made = _MAKE_IT.fullmatch(rest)
    if made:
        return _correction(made["new"])
    return _change_to(rest) or _contrast(rest, marked=True) or _correction(_after_subject(rest))


def _bare(said: str) -> Correction:
    for pattern in (_MAKE_IT, _SUBJECT_IS):
        found = pattern.fullmatch(said)
        if found:
            return _correction(found["new"])
    return Correction()


def matches(question: Question, value: Value, text: str, locale: str, today: date) -> bool:
    """Whether the text, read as an answer to the question, is this value."""
    read = read_answer(question, Given(text), locale, today)
    if not isinstance(read, Accepted):
        return False
    if isinstance(read.value, str) and isinstance(value, str):
        return in_words(read.value) == in_words(value)
    return read.value == value


def _contrast(said: str, marked: bool = False) -> Correction | None:
    """Both values, set against each other. Unmarked, they have to be short: "I'm not sure" corrects nothing."""
    for pattern in (_NOT_OLD_BUT_NEW, _NEW_NOT_OLD):
        found = pattern.fullmatch(said)
        if found is None:
            continue
        lead_in = _MARKED.fullmatch(found["new"])
        new = _after_subject(lead_in["rest"] if lead_in else found["new"])
        old = _plain_value(found["old"])
        if marked or lead_in or (_is_short(new) and _is_short(old)):
            return _correction(new, old)
    return None


def _after_subject(text: str) -> str:
    found = _SUBJECT_IS.fullmatch(text)
    return found["new"] if found else text


def _correction(new: str, old: str | None = None) -> Correction:
    meant = _plain_value(new)
    if not meant or _says_only_that_it_is_wrong(meant):
        return Correction()
    return Correction(meant, (_plain_value(old) or None) if old is not None else None)


def _says_only_that_it_is_wrong(text: str) -> bool:
    words = in_words(text)
    return bool(words) and (
        not known("mistaken").isdisjoint(words)
        or words[0] in known("about")
        or (len(words) > 1 and words[0] in known("negations"))
    )


def _plain_value(text: str) -> str:
    bare = _POLITE.sub("", text).strip(" ,;:–—-\"“”«»'")
    article = _ARTICLE.match(bare)
    return bare[article.end() :] if article else bare


def _is_value(text: str) -> bool:
    """Whether a word may be an earlier answer, and is not part of what is to be changed."""
    return any(character.isdigit() for character in text) or text[:1].isupper()


def _is_short(text: str) -> bool:
    words = in_words(text)
    return 0 < len(words) <= _FEW and known("speaking").isdisjoint(words)
