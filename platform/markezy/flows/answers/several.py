"""What one sentence answers beside the question that was asked."""

from collections.abc import Mapping
from datetime import date

from markezy.flows.answers.result import Accepted, Given
from markezy.flows.definition import Question


def hear_others(questions: Mapping[str, Question], given: Given, locale: str, today: date) -> dict[str, Accepted]:
    """Which of these questions, in the order of the flow, the words surely answer."""
    return {}
