"""What no lead comes by, found by following all kinds of leads from the first question on.

A condition may hold for some answers, and yet for none that lead to where it stands. Nothing is said where not all leads
could be followed, nor behind a condition that is wrong by itself.
"""

from collections.abc import Collection, Iterator

from markezy.flows import graph
from markezy.flows.checks.finding import Finding
from markezy.flows.definition import FlowDefinition, Question
from markezy.flows.paths import Trace

_MEND = "Correct the condition, or remove the {what}."
_BEHIND = "Whenever this holds, a {what} before it holds too and is taken instead."


def never_come_by(
    definition: FlowDefinition, traced: Trace, wrong: Collection[str], settled: Collection[str]
) -> Iterator[Finding]:
    """What of the flow nobody meets. Places that are `wrong` hide what lies behind them; for those that are `settled`,
    another check has said why."""
    if not traced.complete:
        return
    doubtful = _behind_wrong(definition, wrong)
    found = [*_at_questions(definition, traced, wrong, doubtful), *_rules(definition, traced, doubtful)]
    found += _unreached(definition, traced, doubtful)
    yield from (finding for finding in found if finding.at not in settled and finding.at not in wrong)


def _at_questions(
    definition: FlowDefinition, traced: Trace, wrong: Collection[str], doubtful: Collection[str]
) -> Iterator[Finding]:
    for id_, question in definition.questions.items():
        if id_ not in traced.arrived or id_ in doubtful:
            continue
        if question.when and id_ not in traced.asked:
            yield Finding(
                f"questions/{id_}/when",
                "never_holds",
                "What leads have answered on their way here rules this out, so the question is never asked.",
                _MEND.format(what="question"),
            )
        if not any(at.startswith(f"questions/{id_}/next") for at in wrong):
            yield from _transitions(id_, question, list(traced.ways.get(id_, ())))


def _transitions(id_: str, question: Question, opened: list[tuple[bool, ...]]) -> Iterator[Finding]:
    taken = {each.index(True) for each in opened}
    for place in range(len(question.next) - 1 if opened else 0):
        at = f"questions/{id_}/next/{place}"
        if not any(each[place] for each in opened):
            yield Finding(
                at,
                "never_holds",
                "What leads have answered on their way here rules this out, so nobody is led this way.",
                _MEND.format(what="transition"),
            )
        elif place not in taken:
            yield Finding(
                at,
                "dead_transition",
                _BEHIND.format(what="transition"),
                "Move it up, or make the conditions before it narrower.",
            )
        elif taken == {place}:
            yield Finding(
                at,
                "always_holds",
                "This holds for every lead who gets here, so the transitions behind it are never taken.",
                "Correct the condition, or drop what follows.",
            )
            return


def exits(definition: FlowDefinition) -> list[int]:
    """The places of the rules that lead out of the flow; the others only call a person."""
    return [place for place, rule in enumerate(definition.rules) if rule.to is not None]


def _first_once(traced: Trace, place: int, leading: Collection[int]) -> bool:
    """Whether some lead is led by this rule, and not by one before it."""
    before = [each for each in leading if each < place]
    return any(held[place] and not any(held[each] for each in before) for held in traced.rules)


def _rules(definition: FlowDefinition, traced: Trace, doubtful: Collection[str]) -> Iterator[Finding]:
    leading = exits(definition)
    for place in range(0 if doubtful else len(definition.rules)):
        at = f"rules/{place}"
        if not any(each[place] for each in traced.rules):
            yield Finding(
                at,
                "never_holds",
                "No lead ever gives answers that fit this, so the rule leads nobody anywhere.",
                _MEND.format(what="rule"),
            )
        elif place in leading and not _first_once(traced, place, leading):
            yield Finding(
                at,
                "dead_transition",
                _BEHIND.format(what="rule"),
                "Move it up, or make the rules before it narrower.",
            )


def _unreached(definition: FlowDefinition, traced: Trace, doubtful: Collection[str]) -> Iterator[Finding]:
    """Questions and ends to which transitions lead, but no leads."""
    spared = {*traced.arrived, *doubtful, *_behind_defaults(definition, traced)}
    for kind, ids in (("questions", definition.questions), ("ends", definition.ends)):
        for id_ in ids:
            if id_ not in spared:
                yield Finding(
                    f"{kind}/{id_}",
                    "unreachable",
                    "No lead can ever get here: nobody fits the conditions on the ways here.",
                    "Correct these conditions, let another transition lead here, or remove it.",
                )


def _behind_wrong(definition: FlowDefinition, wrong: Collection[str]) -> set[str]:
    """What leads might get to if a condition that is wrong by itself were right."""
    to = {
        way.to
        for id_, question in definition.questions.items()
        for place, way in enumerate(question.next)
        if f"questions/{id_}/next/{place}" in wrong
    }
    return graph.reachable(definition, to)


def _behind_defaults(definition: FlowDefinition, traced: Trace) -> set[str]:
    """Where the last transitions lead: a flow has to have them, also where the ones before leave nobody over."""
    last = {definition.questions[id_].next[-1].to for id_ in traced.ways}
    return graph.reachable(definition, last)
