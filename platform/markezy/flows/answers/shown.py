"""How a stored answer is shown, in any of the flow's languages."""

from collections.abc import Mapping
from datetime import date

import phonenumbers
from babel.dates import format_date
from babel.numbers import format_decimal

from markezy.flows.answers.amounts import scale, shown_amount
from markezy.flows.answers.result import Value
from markezy.flows.definition import WITH_OPTIONS, YES_OR_NO, Question, QuestionType
from markezy.flows.wording import phrase


def display_of(question: Question, value: Value, locale: str) -> str:
    """What people read for `value`: for an accepted answer, its own display, were it given in this language."""
    if value is None:
        return phrase("skipped", locale)
    if question.type in WITH_OPTIONS:
        return _titles(question, value, locale)
    if question.type in YES_OR_NO and isinstance(value, bool):
        return phrase("yes" if value else "no", locale)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _figure(question, value, locale)
    if isinstance(value, Mapping):
        return str(value.get("name", ""))
    return _words(question, str(value), locale)


def _titles(question: Question, value: Value, locale: str) -> str:
    titles = {option.value: option.title[locale] for option in question.options}
    chosen = value if isinstance(value, list) else [value]
    return ", ".join(titles.get(str(one), str(one)) for one in chosen)


def _figure(question: Question, value: float, locale: str) -> str:
    if question.type is QuestionType.MONEY:
        return shown_amount(value, question.validation.currency, locale)
    if question.type is QuestionType.SCALE:
        return f"{int(value)}/{scale(question)[1]}"
    return str(format_decimal(value, locale=locale)) if question.type is QuestionType.NUMBER else str(value)


def _words(question: Question, value: str, locale: str) -> str:
    try:
        if question.type is QuestionType.DATE:
            return str(format_date(date.fromisoformat(value), format="long", locale=locale))
        if question.type is QuestionType.PHONE:
            number = phonenumbers.parse(value)
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except (ValueError, phonenumbers.NumberParseException):
        return value
    return value.partition("://")[2] or value if question.type is QuestionType.URL else value
