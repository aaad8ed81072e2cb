"""Whether words that sound like something else are an answer after all: only the engine knows what was asked."""

from datetime import date

from markezy.flows.answers import Accepted, Given, read_answer
from markezy.flows.definition import Question, QuestionType
from markezy.flows.engine.flow import Flow
from markezy.flows.engine.state import State

_FREE = frozenset({QuestionType.TEXT, QuestionType.LONG_TEXT})
_LONGEST_NAME = 6
"""Words; names of people, companies and places are hardly longer."""
_SURE = 0.95
_RATHER_SURE = 0.8
_TOLD_BY_THEIR_WORDS = frozenset({"small_talk", "insult", "change_answer"})
"""Intents of which the words themselves are proof: "thanks" is nobody's name."""


def is_likely_answer(flow: Flow, state: State, given: Given, today: date) -> bool:
    """Options, figures and addresses that can be read are answers. So are a few words where a name was asked for: the model
    can't know that Luna is the lead and not the moon. Elsewhere the intent stands, unless the model doubts it itself.

    Who has stopped is not answering a text question with what sounds like a goodbye."""
    question = flow.definition.questions.get(state.pending or "")
    if question is None or not isinstance(given.raw, str):
        return False
    if question.type not in _FREE:
        return isinstance(read_answer(question, given, state.locale, today), Accepted)
    if "?" in given.raw or state.stopped:
        return False
    if _asks_for_a_name(question) and len(given.raw.split()) <= _LONGEST_NAME:
        return given.intent not in _TOLD_BY_THEIR_WORDS or given.confidence < _SURE
    return given.confidence < _RATHER_SURE


def _asks_for_a_name(question: Question) -> bool:
    return question.type is QuestionType.TEXT and (question.role is not None or question.entity is not None)
