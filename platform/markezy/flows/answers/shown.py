"""How a stored answer is shown, in any of the flow's languages."""

from datetime import date

from markezy.flows.answers.reading import read_answer
from markezy.flows.answers.result import Accepted, Given, Value
from markezy.flows.definition import Question
from markezy.flows.wording import phrase


def display_of(question: Question, value: Value, locale: str) -> str:
    """What people read for `value`, as the readers wrote it when it was answered in this language."""
    if value is None:
        return phrase("skipped", locale)
    read = read_answer(question, Given(value), locale, date.min)
    return read.display if isinstance(read, Accepted) else str(value)
