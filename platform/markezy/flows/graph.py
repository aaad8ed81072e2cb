"""The shape of a flow: which question comes before which, and how far it is to an end. Conditions are not looked at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markezy.flows.definition import FlowDefinition


@dataclass(frozen=True)
class Graph:
    """Only for definitions whose references all exist and that have no cycle; see `find_cycle`."""

    order: tuple[str, ...]
    """Reachable questions such that each comes after all that can lead to it: every lead's path is a part of it."""
    remaining: Mapping[str, int]
    """By question: how many questions the longest way to an end holds, this one included."""
    always_before: Mapping[str, frozenset[str]]
    """By question or end: the questions every way to it passes."""


def successors(definition: FlowDefinition, question: str) -> list[str]:
    """Where the question may lead, in the order of its transitions."""
    return list(dict.fromkeys(transition.to for transition in definition.questions[question].next))


def reachable(definition: FlowDefinition, roots: Iterable[str] | None = None) -> set[str]:
    """Questions and ends that some sequence of transitions leads to: from `roots`, else from the start or by a rule that
    holds everywhere."""
    seen: set[str] = set()
    by_rules = (rule.to for rule in definition.rules if rule.to is not None)
    waiting = [definition.start, *by_rules] if roots is None else list(roots)
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if node in definition.questions:
            waiting.extend(successors(definition, node))
    return seen


def find_cycle(definition: FlowDefinition) -> list[str]:
    """The questions of one cycle, or nothing. A flow must not lead back: `go back` is the lead's own decision."""
    done: set[str] = set()
    for root in definition.questions:
        path: list[str] = []
        branches = [iter([root])]
        while branches:
            node = next(branches[-1], None)
            if node is None:
                branches.pop()
                if path:
                    done.add(path.pop())
            elif node in path:
                return [*path[path.index(node) :], node]
            elif node in definition.questions and node not in done:
                path.append(node)
                branches.append(iter(successors(definition, node)))
    return []


def analyse(definition: FlowDefinition) -> Graph:
    """The graph of a definition that passed the checks."""
    order = _topological(definition)
    remaining: dict[str, int] = {}
    for question in reversed(order):
        remaining[question] = 1 + max(remaining.get(to, 0) for to in successors(definition, question))
    before: dict[str, frozenset[str]] = {definition.start: frozenset()}
    for question in order:
        passed = before[question] | {question}
        for to in successors(definition, question):
            before[to] = before[to] & passed if to in before else passed
    return Graph(order, remaining, before)


def _topological(definition: FlowDefinition) -> tuple[str, ...]:
    """Questions the lead can reach, ties in the order they are written."""
    reached = reachable(definition)
    wanted = [question for question in definition.questions if question in reached]
    waits_for = dict.fromkeys(wanted, 0)
    for question in wanted:
        for to in successors(definition, question):
            if to in waits_for:
                waits_for[to] += 1
    order: list[str] = []
    while len(order) < len(wanted):
        ready = next((question for question in wanted if waits_for.get(question) == 0), None)
        if ready is None:
            raise ValueError("the flow leads in a circle")
        order.append(ready)
        del waits_for[ready]
        for to in successors(definition, ready):
            if to in waits_for:
                waits_for[to] -= 1
    return tuple(order)
