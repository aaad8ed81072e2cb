"""What no lead ever gets to, and conditions on answers that come too late. For flows whose references exist, without circles."""

from collections.abc import Iterator

from markezy.flows import graph
from markezy.flows.checks.finding import Finding
from markezy.flows.checks.pieces import Use, expressions
from markezy.flows.definition import FlowDefinition
from markezy.flows.expressions import read_expression


def unreachable(definition: FlowDefinition) -> Iterator[Finding]:
    """Questions and ends no transition or rule leads to."""
    reached = graph.reachable(definition)
    for kind, ids in (("questions", definition.questions), ("ends", definition.ends)):
        for id_ in ids:
            if id_ not in reached:
                yield Finding(
                    f"{kind}/{id_}",
                    "unreachable",
                    "No lead can ever get here.",
                    "Let a transition lead here, or remove it.",
                )


def asked_later(definition: FlowDefinition) -> Iterator[Finding]:
    """Conditions of transitions and questions on answers nobody can have given yet."""
    earlier = possibly_before(definition)
    for expression in expressions(definition):
        if expression.owner not in earlier or expression.use not in (Use.TRANSITION, Use.VISIBILITY):
            continue
        known = set(earlier[expression.owner])
        if expression.use is Use.TRANSITION:
            known.add(expression.owner)
        asked = read_expression(expression.source).named("answers") & definition.questions.keys()
        for late in sorted(asked - known):
            yield Finding(
                expression.at,
                "asked_later",
                f"The question {late!r} is never asked before this point, so its answer is not known here.",
                f"Ask {late!r} earlier, or use an answer that comes before.",
            )


def possibly_before(definition: FlowDefinition) -> dict[str, set[str]]:
    """By reachable question: the questions some way to it passes."""
    order = graph.analyse(definition).order
    before: dict[str, set[str]] = {question: set() for question in order}
    for question in order:
        for to in graph.successors(definition, question):
            if to in before:
                before[to] |= before[question] | {question}
    return before
