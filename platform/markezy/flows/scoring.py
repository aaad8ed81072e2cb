"""Why a lead has the score they have: what the scoring rules that held look at, and what they gave."""

from collections.abc import Mapping
from typing import Any

from markezy.flows.answer_space import with_computed
from markezy.flows.definition import FlowDefinition
from markezy.flows.engine import Answer, Origin, compile_flow
from markezy.flows.engine.path import scored
from markezy.flows.expressions import read_expression
from markezy.flows.model import ScoreReason


def reasons(
    definition: FlowDefinition, origin: Origin, answers: Mapping[str, Any], language: str
) -> tuple[ScoreReason, ...]:
    """What each question, or group of questions, brought: the most telling first, what cancels itself out left out.

    `answers` holds the values that count, by question. The points of all reasons add up to the score. Labels are in `language`, else
    in the flow's first one; what the conditions see is the origin's.
    """
    flow = compile_flow(definition)
    said = {question: Answer(value, "", 0) for question, value in answers.items()}
    points: dict[tuple[str, ...], int] = {}
    for place in scored(flow, origin, said):
        rule = definition.scoring[place]
        asked = frozenset[str]().union(
            *(read_expression(each).named("answers") for each in with_computed(definition, [rule.when]))
        )
        questions = tuple(sorted(asked & flow.ordinals.keys(), key=lambda question: flow.ordinals[question]))
        points[questions] = points.get(questions, 0) + rule.points
    spoken = flow.locale(language)
    found = [
        ScoreReason(questions, tuple(definition.questions[one].label[spoken] for one in questions), sum_)
        for questions, sum_ in points.items()
        if sum_
    ]
    return tuple(sorted(found, key=lambda one: (-abs(one.points), [flow.ordinals[each] for each in one.questions])))
