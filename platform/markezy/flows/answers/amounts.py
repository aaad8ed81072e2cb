"""Numbers, amounts of money and scales."""

import re
from collections.abc import Sequence

from babel.numbers import format_currency, format_decimal

from markezy.flows.answers.cleaning import clean, plain
from markezy.flows.answers.figures import LARGEST, Figure, find_figures, lone_number, named_currencies, of_question
from markezy.flows.answers.lexicon import lexicon
from markezy.flows.answers.passages import passage
from markezy.flows.answers.result import Accepted, Given, Rejected
from markezy.flows.answers.vocabulary import known
from markezy.flows.definition import Question, QuestionType
from markezy.flows.wording import words

_SHARES = {"half": 50.0, "moitie": 50.0, "mitad": 50.0, "quarter": 25.0, "quart": 25.0, "cuarto": 25.0}
_BUDGET = ("budget", "presupuesto")
_YEARS = range(1900, 2101)
_OF_SCALE = re.compile(r"(?:/|\bout of\b|\bof\b|\bsur\b|\bde\b|\bsobre\b)\s*(\d+|[^\W\d_]+)", re.IGNORECASE)


def read_number(question: Question, given: Given, locale: str) -> Accepted | Rejected:
    """One figure, within the question's limits."""
    number = _figure(question, given.raw, locale, "not_a_number")
    if isinstance(number, Rejected):
        return number
    if question.validation.integer and number % 1:
        return Rejected("not_whole")
    number = _shortest(number)
    return _outside(question, number, locale, None) or Accepted(number, format_decimal(number, locale=locale))


def read_money(question: Question, given: Given, locale: str) -> Accepted | Rejected:
    """One amount in the question's currency; another currency is not converted but asked about."""
    currency = question.validation.currency
    if isinstance(given.raw, str):
        named = named_currencies(given.raw, locale)
        if named and currency not in named:
            return Rejected("wrong_currency", {"currency": currency})
    amount = _figure(question, given.raw, locale, "not_an_amount")
    if isinstance(amount, Rejected):
        return amount
    amount = _shortest(round(amount, 2))
    return _outside(question, amount, locale, currency) or Accepted(amount, shown_amount(amount, currency, locale))


def read_scale(question: Question, given: Given, locale: str) -> Accepted | Rejected:
    """A whole number on the question's scale."""
    low, high = scale(question)
    number = _figure(question, given.raw, locale, "off_scale")
    if isinstance(number, Rejected) or number % 1 or not low <= number <= high:
        return Rejected("off_scale", {"min": str(low), "max": str(high)})
    return Accepted(int(number), f"{int(number)}/{high}")


def scale(question: Question) -> tuple[int, int]:
    """The lowest and highest value of a scale question."""
    return int(question.validation.min or 0), int(question.validation.max or 0)


def _figure(question: Question, raw: object, locale: str, otherwise: str) -> float | Rejected:
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str)):
        return Rejected(otherwise)
    if isinstance(raw, (int, float)):
        return float(raw) if -LARGEST <= raw <= LARGEST else Rejected(otherwise)
    text = _without_maximum(question, clean(raw), locale)
    if plain(text) in words("zero"):
        return 0.0
    figures = find_figures(text, locale)
    if not figures:
        said = _without_a_figure(question, text, locale)
        return Rejected(otherwise) if said is None else said
    found = figures[0] if len(figures) == 1 else _meant(question, text, figures)
    if found is None:
        return Rejected("several_numbers")
    return found.value if abs(found.value) <= LARGEST else Rejected(otherwise)


def _without_a_figure(question: Question, text: str, locale: str) -> float | None:
    """ "None yet", "just one", "about half": a word with nothing beside it but the question's own."""
    said, words_of_question = passage(text), lexicon(question)
    own = {at for first, last in said.find(words_of_question.subject) for at in range(first, last)}
    beside = own | {at for at, word in enumerate(said.words) if word.plain in known("beside_a_figure")}
    telling = [word.plain for at, word in enumerate(said.words) if at not in beside]
    if telling and all(word in known("zeros") for word in telling):
        return 0.0
    if telling and all(word in known("without") for word in telling):
        return 0.0 if own or not said.places.keys().isdisjoint(_BUDGET) else None
    if len(telling) == 1 and words_of_question.in_percent and telling[0] in _SHARES:
        return _SHARES[telling[0]]
    number = lone_number(text, locale) if question.type is not QuestionType.MONEY else None
    if number is None:
        return None
    first, last = said.at(number.start, number.end)
    around = [*range(first), *(range(last, len(said.words)) if number.value <= 1 else ())]
    return number.value if beside.issuperset(around) else None


def _without_maximum(question: Question, text: str, locale: str) -> str:
    """ "4.5 out of 5" is 4.5 where 5 is the most."""
    most = question.validation.max
    if most is None:
        return text

    def rest(match: re.Match[str]) -> str:
        most_said = find_figures(match[1], locale)
        return "" if match.start() and most_said and most_said[0].value == most else match[0]

    return _OF_SCALE.sub(rest, text)


def _counts_something(text: str, figure: Figure) -> bool:
    """Whether a noun stands behind the figure, or it is a year."""
    behind = re.match(r"\s*([^\W\d_]+)", text[figure.end :])
    if figure.is_aside:
        return True
    return figure.value in _YEARS or figure.percent or (behind is not None and plain(behind[1]) not in known("joints"))


def _meant(question: Question, text: str, figures: Sequence[Figure]) -> Figure | None:
    """Which of several figures answers: the one by the question's own words, or the only one of its kind."""
    told = of_question(passage(text), figures, lexicon(question))
    if told is not None:
        return None if told.doubtful else told
    if any(figure.is_aside and not figure.doubtful for figure in figures):
        figures = [figure for figure in figures if not figure.is_aside]
        if len(figures) == 1:
            return None if figures[0].doubtful else figures[0]
    if question.type is QuestionType.MONEY:
        others = [figure for figure in figures if not figure.currency and not _counts_something(text, figure)]
        fitting = [figure for figure in figures if figure.currency] if not others else []
    else:
        fitting = [figure for figure in figures if figure.percent] if lexicon(question).in_percent else []
        fitting = fitting or [figure for figure in figures if figure.value not in _YEARS]
    return fitting[0] if len(fitting) == 1 and not fitting[0].doubtful else None


def _outside(question: Question, number: float, locale: str, currency: str | None) -> Rejected | None:
    low = question.validation.min
    if low is None and question.type is QuestionType.MONEY:
        low = 0
    high = question.validation.max
    if low is not None and number < low:
        return Rejected("too_small", {"min": _shown(low, locale, currency)})
    if high is not None and number > high:
        return Rejected("too_large", {"max": _shown(high, locale, currency)})
    return None


def _shown(number: float, locale: str, currency: str | None) -> str:
    return shown_amount(number, currency, locale) if currency else format_decimal(_shortest(number), locale=locale)


def shown_amount(amount: float, currency: str, locale: str) -> str:
    """An amount with its currency, without cents when there are none."""
    digits = None if amount % 1 else "¤#,##0" if locale == "en" else "#,##0\u00a0¤"
    return format_currency(amount, currency, format=digits, locale=locale, currency_digits=digits is None)


def _shortest(number: float) -> int | float:
    return int(number) if number % 1 == 0 else number
