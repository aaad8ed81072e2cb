"""Where transitions and rules lead, and that each question leads somewhere."""

from collections.abc import Iterator

from markezy.flows.checks.finding import Finding
from markezy.flows.definition import FlowDefinition


def targets(definition: FlowDefinition) -> Iterator[Finding]:
    """References to questions and ends that don't exist."""
    known = definition.questions.keys() | definition.ends.keys()
    if definition.start not in definition.questions:
        yield _unknown("start", f"There is no question {definition.start!r} to start with.", "a question")
    for id_, question in definition.questions.items():
        for place, transition in enumerate(question.next):
            if transition.to not in known:
                yield _unknown(
                    f"questions/{id_}/next/{place}",
                    f"There is no question or end {transition.to!r}.",
                    "a question or an end",
                )
    for place, rule in enumerate(definition.rules):
        if not rule.call_person and rule.to not in definition.ends:
            yield _unknown(f"rules/{place}", f"There is no end {rule.to!r}; a rule leads to an end.", "an end")


def _unknown(at: str, message: str, wanted: str) -> Finding:
    return Finding(at, "unknown_target", message, f"Name {wanted} of this flow here, or add the missing one.")


def ways_on(definition: FlowDefinition) -> Iterator[Finding]:
    """Questions that can end without a way on, and transitions behind one that is always taken."""
    for id_, question in definition.questions.items():
        *earlier, last = question.next
        if last.when is not None:
            yield Finding(
                f"questions/{id_}/next",
                "no_default",
                "A lead for whom no condition holds has no way on: the last transition has a condition too.",
                "Add a last transition without `when`, for all remaining cases.",
            )
        for place, transition in enumerate(earlier):
            if transition.when is None:
                yield Finding(
                    f"questions/{id_}/next/{place + 1}",
                    "dead_transition",
                    "What follows a transition without a condition is never taken.",
                    "Give the transition before a condition, or remove this one.",
                )
                break
