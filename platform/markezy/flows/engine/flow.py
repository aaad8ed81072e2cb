"""A flow version ready to run: graph analysed, conditions compiled. Immutable; made once, shared by all conversations."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from markezy.flows.conditions import Condition
from markezy.flows.definition import FlowDefinition, QuestionType
from markezy.flows.graph import Graph, analyse


@dataclass(frozen=True)
class Branch:
    """A compiled transition."""

    condition: Condition | None
    to: str


@dataclass(frozen=True)
class Points:
    """A compiled scoring rule."""

    condition: Condition
    points: int


@dataclass(frozen=True)
class WayOut:
    """A compiled rule that leads to an end from everywhere."""

    condition: Condition
    to: str


@dataclass(frozen=True)
class Call:
    """A compiled rule that calls a person from everywhere. `place` is the rule's among all of the flow's."""

    condition: Condition
    place: int


@dataclass(frozen=True)
class Flow:
    """Made by `compile_flow`."""

    definition: FlowDefinition
    graph: Graph
    branches: Mapping[str, tuple[Branch, ...]]
    scoring: tuple[Points, ...]
    visible: Mapping[str, Condition]
    """By question that is not always asked: when it is."""
    ways_out: tuple[WayOut, ...]
    calls: tuple[Call, ...]
    computed: Mapping[str, Condition]
    """In the order they are worked out: each may use those before it."""

    @cached_property
    def ordinals(self) -> Mapping[str, int]:
        """By question its place in the flow, from 1; the same for every lead."""
        return {question: place for place, question in enumerate(self.graph.order, 1)}

    @cached_property
    def consents(self) -> frozenset[str]:
        """The questions that ask for consent."""
        questions = self.definition.questions.items()
        return frozenset(id_ for id_, question in questions if question.type is QuestionType.CONSENT)

    def locale(self, wanted: str | None) -> str:
        """`wanted` ("fr", "fr-CA") if the flow speaks it, else the flow's first locale."""
        language = (wanted or "").replace("_", "-").split("-")[0].lower()
        return language if language in self.definition.locales else self.definition.locales[0]


def compile_flow(definition: FlowDefinition) -> Flow:
    """The runnable flow; ValueError when the definition would not pass the checks at publishing."""
    branches = {
        question: tuple(
            Branch(Condition(transition.when) if transition.when else None, transition.to)
            for transition in definition.questions[question].next
        )
        for question in definition.questions
    }
    scoring = tuple(Points(Condition(rule.when), rule.points) for rule in definition.scoring)
    visible = {id_: Condition(question.when) for id_, question in definition.questions.items() if question.when}
    ways_out = tuple(WayOut(Condition(rule.when), rule.to) for rule in definition.rules if rule.to is not None)
    calls = tuple(Call(Condition(rule.when), place) for place, rule in enumerate(definition.rules) if rule.call_person)
    computed = in_order({id_: Condition(field.value) for id_, field in definition.computed.items()})
    return Flow(definition, analyse(definition), branches, scoring, visible, ways_out, calls, computed)


def in_order(computed: Mapping[str, Condition]) -> dict[str, Condition]:
    """Computed fields such that each comes after those it uses; ValueError when they use each other in a circle.

    The order they are written in can't be relied upon: it is not kept in storage.
    """
    ordered: dict[str, Condition] = {}
    waiting = dict(computed)
    while waiting:
        ready = [id_ for id_, field in waiting.items() if not field.fields & waiting.keys()]
        if not ready:
            raise ValueError(f"computed fields use each other in a circle: {', '.join(sorted(waiting))}")
        ordered.update({id_: waiting.pop(id_) for id_ in sorted(ready)})
    return ordered
