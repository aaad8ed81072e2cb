"""Answers shown in texts, and whether they are there to be shown."""

from collections.abc import Collection, Iterator

from markezy.flows import graph
from markezy.flows.answer_space import with_computed
from markezy.flows.checks.combinations import Presence, combinations
from markezy.flows.checks.finding import Finding
from markezy.flows.checks.pieces import filled_texts
from markezy.flows.conditions import Condition
from markezy.flows.definition import FlowDefinition
from markezy.flows.engine.messages import PLACEHOLDER
from markezy.flows.expressions import read_expression


def placeholders(definition: FlowDefinition, broken: Collection[str]) -> Iterator[Finding]:
    """Placeholders that may be left as they are written. For flows whose references exist, without circles."""
    before = graph.analyse(definition).always_before
    for at, texts, node in filled_texts(definition):
        for locale, text in texts.items():
            for named in dict.fromkeys(PLACEHOLDER.findall(text)):
                if f"computed/{named}" in broken or f"questions/{node}/when" in broken:
                    continue
                missing = _needed(definition, named) - _certain(definition, before.get(node, frozenset()))
                if not all(_asked_only_with(definition, node, each) for each in missing):
                    yield Finding(
                        f"{at}/{locale}",
                        "unfilled_placeholder",
                        f"There may be no answer to {{{named}}} at this point.",
                        "Show answers only that every lead has given before, none that may be skipped or passed over.",
                    )


def _needed(definition: FlowDefinition, named: str) -> frozenset[str]:
    """The questions whose answers `named` shows, itself when it is neither question nor field."""
    if named not in definition.computed:
        return frozenset({named})
    sources = with_computed(definition, [definition.computed[named].value])
    return frozenset().union(*(read_expression(source).named("answers") for source in sources))


def _asked_only_with(definition: FlowDefinition, node: str, id_: str) -> bool:
    """Whether the question is passed over for leads without an answer to `id_`."""
    question = definition.questions.get(node)
    if question is None or question.when is None or id_ not in definition.questions:
        return False
    cases = combinations(definition, [question.when], lambda each: Presence.NEVER if each == id_ else Presence.MAYBE)
    condition = Condition(question.when)
    return cases.exact and not any(condition.holds(facts) for facts in cases.facts)


def _certain(definition: FlowDefinition, passed: Collection[str]) -> set[str]:
    return {id_ for id_ in passed if not definition.questions[id_].optional and not definition.questions[id_].when}
