"""Which questions a lead speaks of."""

from collections.abc import Mapping

from markezy.flows.answers.cleaning import plain
from markezy.flows.definition import Question


def find_questions(questions: Mapping[str, Question], text: str, locale: str) -> list[str]:
    """The questions whose label or keywords the text names, the best match first."""
    said = f" {plain(text)} "
    return [
        id_
        for id_, question in questions.items()
        if any(f" {plain(word)} " in said for word in (*question.label.values(), *question.keywords))
    ]
