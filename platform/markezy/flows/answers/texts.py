"""Words as they are, and yes or no."""

import re

import regex

from markezy.flows.answers.assent import GUESS, NO, YES, how_it_begins, what_it_says
from markezy.flows.answers.cleaning import clean, plain
from markezy.flows.answers.result import Accepted, Given, Rejected
from markezy.flows.answers.spoken import spoken_part
from markezy.flows.answers.vocabulary import known
from markezy.flows.definition import Question, QuestionType, Role
from markezy.flows.wording import phrase, words

_PATIENCE_SECONDS = 0.05
_LONGEST = {QuestionType.TEXT: 300, QuestionType.LONG_TEXT: 2000}


def read_text(question: Question, given: Given, _locale: str) -> Accepted | Rejected:
    """The lead's own words. A name comes without "my name is"."""
    if isinstance(given.raw, bool) or not isinstance(given.raw, (str, int, float)):
        return Rejected("empty")
    text = clean(spoken_part(question, given) or str(given.raw))
    if question.type is QuestionType.TEXT:
        text = " ".join(text.split())
    if question.role is Role.NAME:
        text = _without_lead_in(text)
    rules = question.validation
    longest = int(rules.max or _LONGEST[question.type])
    if not text:
        return Rejected("empty")
    if len(text) > longest:
        return Rejected("too_long", {"max": str(longest)})
    if rules.min is not None and len(text) < rules.min:
        return Rejected("too_short", {"min": str(int(rules.min))})
    if question.role in (Role.NAME, Role.COMPANY) and not re.search(r"\w", text):
        return Rejected("no_words")
    if rules.pattern is not None and not _fits(rules.pattern, text):
        return Rejected("pattern")
    return Accepted(text, text)


def _fits(pattern: str, text: str) -> bool:
    """Whether the agency's pattern matches the whole text; one that takes for ever on it doesn't hold up other leads."""
    try:
        return regex.fullmatch(pattern, text, timeout=_PATIENCE_SECONDS) is not None
    except TimeoutError:
        return False


def read_yes_or_no(question: Question, given: Given, locale: str) -> Accepted | Rejected:
    """True or false: from a button, from the NLU's intent, or from the words. Consent is never read out of a sentence
    that says more, nor out of a guess."""
    guessed = isinstance(given.raw, str) and what_it_says(given.raw) == GUESS
    if question.type is QuestionType.CONSENT:
        answer = None if guessed else yes_or_no(given)
    else:
        answer = True if guessed else yes_or_no(given)
        if answer is None and isinstance(given.raw, str):
            answer = how_it_begins(given.raw)
    if answer is None:
        return Rejected("not_yes_or_no")
    return Accepted(answer, phrase("yes" if answer else "no", locale))


def yes_or_no(given: Given) -> bool | None:
    """True or false; None when it is neither."""
    if isinstance(given.raw, bool):
        return given.raw
    said = what_it_says(str(given.raw))
    if said in (YES, NO):
        return said == YES
    return {"affirm": True, "deny": False}.get(given.intent or "")


def _without_lead_in(text: str) -> str:
    greeting = re.match(r"(\w+)\s*[,!.]?\s+(?=\w)", text)
    if greeting and plain(greeting[1]) in known("greetings"):
        text = text[greeting.end() :]
    folded = text.casefold()
    for start in words("name_lead_ins"):
        if folded.startswith(f"{start} ") and len(text) > len(start) + 1:
            return text[len(start) :].strip(" ,:")
    return text
