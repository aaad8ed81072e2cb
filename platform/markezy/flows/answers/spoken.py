"""The answer inside a sentence: a city, a name or a company that was recognised there, without the words around it."""

import re

from markezy.flows.answers.cleaning import clean, plain
from markezy.flows.answers.contacts import find_emails
from markezy.flows.answers.passages import passage
from markezy.flows.answers.result import Given, Heard
from markezy.flows.answers.vocabulary import known
from markezy.flows.definition import Entity, Question, QuestionType, Role

_BY_ROLE = {Role.NAME: "person_name", Role.COMPANY: "company"}
_SURE = 0.5
"""Confidence from which a recognised part answers the question that was asked."""
_JUST_THE_ANSWER = 6
"""Words of a message that begins with the recognised part: up to here, the rest belongs to it ("Lyon, near the station")."""
_NAME_ALONE = 3
_INTO_A_CITY = re.compile(
    r"(?:(?:we['’]re|we are|i['’]m|i am|it['’]s|nous sommes|on est|je suis|c['’]est|estamos|estoy|somos de|soy de)\s+)?"
    r"(?:(?:based|located|bas[ée]e?s?|install[ée]e?s?|situ[ée]e?s?|ubicad[oa]s?)\s+)?(?:in|à|en)\s+(?=\w)",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\s*(?:[,;(–—]|\s-\s|(?:from|at|of|with|and|here|chez|et|y|con|speaking)\b)", re.IGNORECASE)


def entity_of(question: Question) -> str | None:
    """The kind of recognised part that answers a text question; what kind of contact detail it is tells as well."""
    if question.entity is not None:
        return question.entity.value
    if question.type is QuestionType.TEXT and question.role is not None:
        return _BY_ROLE.get(question.role)
    return None


def place_of(heard: Heard, text: str) -> tuple[int, int] | None:
    """Where the recognised part stands in the text; None when it doesn't."""
    start, end = heard.start, heard.end
    if start is not None and end is not None and 0 <= start < end <= len(text) and plain(text[start:end]):
        return start, end
    found = re.search(re.escape(heard.value), text, re.IGNORECASE) if plain(heard.value) else None
    return found.span() if found else None


def spoken_part(question: Question, given: Given) -> str | None:
    """What of a whole sentence answers the text question; None when all of it may."""
    part = _recognised(question, given) or _beside_an_address(question, given)
    if part is None and question.entity is Entity.CITY and isinstance(given.raw, str) and not _heard(question, given):
        text = clean(given.raw)
        into = _INTO_A_CITY.match(text)
        return text[into.end() :] if into else None
    return part


def _beside_an_address(question: Question, given: Given) -> str | None:
    """ "Maison Dupont, write to claire@dupont.example": the first clause, when another one holds an e-mail address."""
    if entity_of(question) is None or question.type is not QuestionType.TEXT or not isinstance(given.raw, str):
        return None
    clauses = re.split(r"[,;\n]", given.raw)
    addressed = ["@" in clause and bool(find_emails(clause)) for clause in clauses]
    return clauses[0].strip() or None if any(addressed[1:]) and not addressed[0] else None


def _heard(question: Question, given: Given) -> bool:
    return any(heard.kind == entity_of(question) for heard in given.heard)


def _recognised(question: Question, given: Given) -> str | None:
    kind = entity_of(question)
    if kind is None or question.type is not QuestionType.TEXT or not isinstance(given.raw, str):
        return None
    text = given.raw
    places = {
        place
        for heard in given.heard
        if heard.kind == kind and heard.confidence >= _SURE
        for place in [place_of(heard, text)]
        if place is not None
    }
    if len({plain(text[start:end]) for start, end in places}) != 1:
        return None
    start, end = min(places)
    words = passage(text).words
    before = [word for word in words if word.end <= start]
    if before and not any(word.plain in known("introductions") for word in before):
        return None
    if len(words) <= _NAME_ALONE and not before:
        return None
    if not before and kind == "person_name":
        return text[start:end] if _GOES_ON.match(text, end) else None
    if not before and len(words) <= _JUST_THE_ANSWER:
        return None
    return text[start:end]
