"""Running Rasa's component graph by a plan made once, instead of building and scheduling a dask graph per message."""

from collections.abc import Sequence
from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner

Plan = list[tuple[str, GraphNode, tuple[str, ...]]]
"""Each node with the names of those it needs, in an order in which every node comes after them."""


def run_planned(
    self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
) -> dict[str, Any]:
    """The outputs of `targets`. See `DaskGraphRunner.run`, which this stands in for."""
    wanted = tuple(targets or self._graph_schema.target_names)
    plans: dict[tuple[str, ...], Plan] = self.__dict__.setdefault("_plans", {})
    plan = plans.get(wanted)
    if plan is None:
        plan = plans[wanted] = _plan(self._graph_schema, self._instantiated_nodes, wanted)
    outputs: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
    try:
        for name, node, needs in plan:
            outputs[name] = node(*[outputs.get(needed, needed) for needed in needs])
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return {name: outputs[name][1] for name in wanted}


def _plan(schema: GraphSchema, nodes: dict[str, GraphNode], wanted: Sequence[str]) -> Plan:
    plan: Plan = []
    planned: set[str] = set()

    def add(name: str) -> None:
        if name in planned or name not in nodes:
            return
        planned.add(name)
        needs = tuple(schema.nodes[name].needs.values())
        for needed in needs:
            add(needed)
        plan.append((name, nodes[name], needs))

    for name in wanted:
        add(name)
    return plan
