"""What one sentence answers beside the question that was asked. Rather too little than a wrong answer."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from markezy.flows.answers.contacts import countries_of, find_emails, find_links, find_phones
from markezy.flows.answers.figures import Figure, belonging, find_figures
from markezy.flows.answers.lexicon import lexicon
from markezy.flows.answers.mentions import Span, mentioned
from markezy.flows.answers.passages import Passage, passage
from markezy.flows.answers.reading import read_answer
from markezy.flows.answers.result import Accepted, Given
from markezy.flows.answers.spoken import entity_of, place_of
from markezy.flows.answers.vocabulary import known
from markezy.flows.definition import Question, QuestionType

_FEWEST_WORDS = 4
_LONGEST = 1000
_NEXT_TO = 4
"""Words between a bare number and the noun it counts."""
_SURE = 0.7
_ASKED = ""
"""In place of an id: the question that was asked."""
FREE_TEXT = frozenset({QuestionType.TEXT, QuestionType.LONG_TEXT})


def hear_others(
    questions: Mapping[str, Question], given: Given, locale: str, today: date, asked: Question | None = None
) -> dict[str, Accepted]:
    """Which of these questions, in the order of the flow, the words surely answer.

    `asked` is the question the lead was answering: what belongs to it is not taken for another one's answer. Without
    it, amounts count only next to a question's keywords. Dates, scales, yes or no, consent and files are never heard.
    """
    if not isinstance(given.raw, str) or len(given.raw) > _LONGEST:
        return {}
    said = passage(given.raw)
    if len(said.words) < _FEWEST_WORDS:
        return {}
    phones = find_phones(said.text, countries_of((*questions.values(), *([asked] if asked else [])), locale))
    values = dict(_contacts(said, questions, asked, phones))
    contacts = [*find_emails(said.text), *find_links(said.text), *phones]
    taken = [said.at(start, end) for start, end in contacts]
    if not _is_free_text(asked):
        values.update(_amounts(said, questions, asked, locale, contacts))
        values.update(_entities(said, questions, asked, given))
        taken += [said.at(*place) for kind in ("city", "person_name", "company") for place in _places(given, kind)]
        named = [said.at(*place) for place in _places(given, "business")]
        values.update(mentioned(said, questions, asked, taken, named))
    found: dict[str, Accepted] = {}
    for id_, question in questions.items():
        if id_ in values:
            read = read_answer(question, Given(values[id_]), locale, today)
            if isinstance(read, Accepted) and read.value is not None:
                found[id_] = read
    return found


def _is_free_text(asked: Question | None) -> bool:
    """Whether everything the lead writes belongs to the question, whatever it speaks of."""
    return asked is not None and asked.type in FREE_TEXT and entity_of(asked) is None


def _contacts(
    said: Passage, questions: Mapping[str, Question], asked: Question | None, phones: Sequence[Span]
) -> Iterator[tuple[str, Any]]:
    kinds = (
        (QuestionType.EMAIL, find_emails(said.text)),
        (QuestionType.URL, find_links(said.text)),
        (QuestionType.PHONE, phones),
    )
    for type_, found in kinds:
        waiting = [id_ for id_, question in questions.items() if question.type is type_]
        if len(found) == len(waiting) == 1 and (asked is None or asked.type is not type_):
            start, end = found[0]
            yield waiting[0], said.text[start:end]


def _amounts(
    said: Passage, questions: Mapping[str, Question], asked: Question | None, locale: str, contacts: Sequence[Span]
) -> Iterator[tuple[str, Any]]:
    figures = [
        figure
        for figure in find_figures(said.text, locale)
        if not any(figure.start < end and start < figure.end for start, end in contacts)
    ]
    usable = [figure for figure in figures if not figure.doubtful and _is_said(said, figure)]
    if not usable:
        return
    yield from _money(said, questions, asked, figures, usable)
    yield from _numbers(said, questions, asked, figures, usable)


def _money(
    said: Passage,
    questions: Mapping[str, Question],
    asked: Question | None,
    figures: Sequence[Figure],
    usable: list[Figure],
) -> Iterator[tuple[str, Any]]:
    amounts = [figure for figure in figures if not figure.percent and not figure.is_aside]
    waiting = {id_: question for id_, question in questions.items() if question.type is QuestionType.MONEY}
    rivals = dict(waiting)
    if asked is not None and asked.type is QuestionType.MONEY:
        if len(amounts) == 1:
            return
        rivals[_ASKED] = asked
    owners = _owners(said, rivals, amounts)
    for id_, question in waiting.items():
        own = [figure for figure in amounts if owners.get(figure) == id_]
        if len(own) == 1 and own[0] in usable:
            yield id_, _amount(own[0], question)
    alone = [figure for figure in amounts if figure not in owners and figure.currency]
    if asked is not None and len(rivals) == len(waiting) == len(alone) == len(amounts) == 1 and alone[0] in usable:
        (id_, question) = next(iter(waiting.items()))
        if not any(word.plain in known("other_money") for word in said.words):
            yield id_, _amount(alone[0], question)


def _owners(said: Passage, rivals: Mapping[str, Question], amounts: Sequence[Figure]) -> dict[Figure, str]:
    """Which question each amount belongs to, by the words around it: by subject, else by how often it is paid."""
    subject = {id_: belonging(said, amounts, lexicon(question).subject) for id_, question in rivals.items()}
    period = {id_: belonging(said, amounts, lexicon(question).period) for id_, question in rivals.items()}
    if _ASKED in rivals:
        period[_ASKED] = belonging(said, amounts, lexicon(rivals[_ASKED]).own_period)
    elsewhere = belonging(said, amounts, [(word,) for word in known("other_money")])
    owners: dict[Figure, str] = {}
    for number, figure in enumerate(amounts):
        by_subject = [id_ for id_ in rivals if number in subject[id_]]
        by_period = [id_ for id_ in rivals if number in period[id_] and figure.currency]
        if said.is_wished(said.at(figure.start, figure.end)[0], in_clause=True):
            by_subject = []
        if _ASKED in by_period:
            by_period = [_ASKED]
        elif number in elsewhere:
            by_period = []
        claims = by_subject or by_period
        if len(claims) == 1:
            owners[figure] = claims[0]
    return owners


def _amount(figure: Figure, question: Question) -> Any:
    """The amount as a reader takes it; as text when its currency has to be checked."""
    if figure.currency in (None, question.validation.currency):
        return figure.value
    return f"{figure.value} {figure.currency}"


def _numbers(
    said: Passage,
    questions: Mapping[str, Question],
    asked: Question | None,
    figures: Sequence[Figure],
    usable: list[Figure],
) -> Iterator[tuple[str, Any]]:
    numbers = [figure for figure in figures if figure.currency is None]
    if asked is not None and asked.type in (QuestionType.NUMBER, QuestionType.SCALE) and len(numbers) == 1:
        return
    claims: dict[str, frozenset[int]] = {}
    for id_, question in questions.items():
        if question.type is QuestionType.NUMBER:
            words = lexicon(question)
            near = belonging(said, numbers, words.subject, _NEXT_TO)
            claims[id_] = frozenset(number for number in near if numbers[number].percent == words.in_percent)
    own = belonging(said, numbers, lexicon(asked).subject, _NEXT_TO) if asked is not None else frozenset()
    for id_, near in claims.items():
        others = own.union(*(claim for other, claim in claims.items() if other != id_))
        if len(near) == 1 and not near & others:
            (number,) = near
            if numbers[number] in usable:
                yield id_, numbers[number].value


def _is_said(said: Passage, figure: Figure) -> bool:
    first, last = said.at(figure.start, figure.end)
    return not (said.is_asked(first) or said.is_denied(first, last))


def _entities(
    said: Passage, questions: Mapping[str, Question], asked: Question | None, given: Given
) -> Iterator[tuple[str, Any]]:
    own = entity_of(asked) if asked is not None else None
    for kind in dict.fromkeys(entity_of(question) for question in questions.values()):
        waiting = [id_ for id_, question in questions.items() if entity_of(question) == kind]
        if kind is None or kind == own or len(waiting) != 1:
            continue
        places = [place for place in _places(given, kind) if _is_stated(said, place)]
        values = {said.text[start:end].casefold(): said.text[start:end] for start, end in places}
        if len(values) == 1:
            yield waiting[0], next(iter(values.values()))


def _is_stated(said: Passage, place: Span) -> bool:
    first, last = said.at(*place)
    return first < last and not (said.is_asked(first) or said.is_denied(first, last) or said.is_hearsay(first, last))


def _places(given: Given, kind: str) -> list[Span]:
    return [
        place
        for heard in given.heard
        if heard.kind == kind and heard.confidence >= _SURE
        for place in [place_of(heard, given.raw)]
        if place is not None
    ]
