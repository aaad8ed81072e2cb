"""Flows that lead back, and computed fields that need each other."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from markezy.flows import graph
from markezy.flows.checks.finding import Finding
from markezy.flows.definition import FlowDefinition
from markezy.flows.expressions import read_expression


def circles_of_fields(definition: FlowDefinition) -> Iterator[Finding]:
    """Computed fields that need each other, so that none can be worked out."""
    around = circle_of_fields(definition)
    if around:
        yield Finding(
            f"computed/{around[0]}",
            "computed_cycle",
            f"These fields use each other: {' → '.join(around)}.",
            "Let each field use answers, or fields that don't lead back to it.",
        )


def circle_of_fields(definition: FlowDefinition) -> list[str]:
    """Computed fields each of which uses the next, the last one being the first again; nothing when there is no circle."""
    uses = {
        id_: sorted(read_expression(field.value).named("computed") & definition.computed.keys())
        for id_, field in definition.computed.items()
    }
    try:
        TopologicalSorter(uses).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


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
