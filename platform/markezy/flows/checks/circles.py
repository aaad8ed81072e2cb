"""Flows that lead back."""

from collections.abc import Iterator

from markezy.flows import graph
from markezy.flows.checks.finding import Finding
from markezy.flows.definition import FlowDefinition


def circles(definition: FlowDefinition) -> Iterator[Finding]:
    """The first way that leads back to where it came from. References must exist."""
    around = graph.find_cycle(definition)
    if not around:
        return
    before, back_to = around[-2:]
    place = next(
        place for place, transition in enumerate(definition.questions[before].next) if transition.to == back_to
    )
    yield Finding(
        f"questions/{before}/next/{place}",
        "cycle",
        f"These questions lead back to each other: {' → '.join(around)}.",
        "Let this transition lead to a later question or an end; leads go back by themselves whenever they like.",
    )
