"""Which reader reads which type of question, and what counts as skipping one."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from markezy.flows.answers.amounts import read_money, read_number, read_scale
from markezy.flows.answers.choices import read_choice, read_choices
from markezy.flows.answers.cleaning import clean, plain
from markezy.flows.answers.contacts import read_email, read_phone, read_url
from markezy.flows.answers.dates import read_date
from markezy.flows.answers.files import read_file
from markezy.flows.answers.result import Accepted, Given, Rejected
from markezy.flows.answers.texts import read_text, read_yes_or_no
from markezy.flows.definition import YES_OR_NO, Question, QuestionType
from markezy.flows.wording import phrase, words

Reader = Callable[[Question, Given, str], Accepted | Rejected]

READERS: Mapping[QuestionType, Reader] = {
    QuestionType.CHOICE: read_choice,
    QuestionType.MULTI_CHOICE: read_choices,
    QuestionType.TEXT: read_text,
    QuestionType.LONG_TEXT: read_text,
    QuestionType.NUMBER: read_number,
    QuestionType.MONEY: read_money,
    QuestionType.EMAIL: read_email,
    QuestionType.PHONE: read_phone,
    QuestionType.URL: read_url,
    QuestionType.SCALE: read_scale,
    QuestionType.YES_NO: read_yes_or_no,
    QuestionType.CONSENT: read_yes_or_no,
    QuestionType.FILE: read_file,
}
"""Every type but `date`, which also needs to know what day it is."""

LONGEST_INPUT = 10_000


def read_answer(question: Question, given: Given, locale: str, today: date) -> Accepted | Rejected:
    """The lead's words as an answer to the question, or why they are none."""
    if isinstance(given.raw, str) and len(given.raw) > LONGEST_INPUT:
        return Rejected("too_long", {"max": str(LONGEST_INPUT)})
    if _nothing(given.raw):
        return _skipped(locale) if question.optional else Rejected("empty")
    understood = _read(question, given, locale, today)
    # "None" may be the name of an option; only what is no answer otherwise means "skip".
    anything_goes = question.type in (QuestionType.TEXT, QuestionType.LONG_TEXT)
    if question.optional and (anything_goes or isinstance(understood, Rejected)) and _means_skip(question, given):
        return _skipped(locale)
    if not question.optional and (anything_goes or isinstance(understood, Rejected)) and _leaves_out(question, given):
        return Rejected("needed")
    return understood


def _read(question: Question, given: Given, locale: str, today: date) -> Accepted | Rejected:
    if question.type is QuestionType.DATE:
        return read_date(question, given, locale, today)
    return READERS[question.type](question, given, locale)


def _nothing(raw: Any) -> bool:
    return raw is None or raw == [] or (isinstance(raw, str) and not clean(raw))


def _means_skip(question: Question, given: Given) -> bool:
    if not isinstance(given.raw, str):
        return False
    said = plain(clean(given.raw))
    if not said or said in words("skip"):
        return True
    return question.type not in YES_OR_NO and (said in words("no") or given.intent == "deny")


def _leaves_out(question: Question, given: Given) -> bool:
    """Whether they ask to go on without an answer; consent is theirs to refuse, and has its own words for it."""
    if question.type in YES_OR_NO or not isinstance(given.raw, str):
        return False
    return plain(clean(given.raw)) in words("leave_out")


def _skipped(locale: str) -> Accepted:
    return Accepted(None, phrase("skipped", locale))
