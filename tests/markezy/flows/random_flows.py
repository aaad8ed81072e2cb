"""Flows and leads drawn by chance, and a second, naive opinion on where such a flow leads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from markezy.flows.definition import FlowDefinition
from markezy.flows.engine import Flow, Origin, compile_flow

from tests.markezy.flows.conftest import option, question, said, small_flow

TYPES = ["choice", "multi_choice", "number", "yes_no"]


@dataclass(frozen=True)
class Seen:
    """What a condition may ask for at one point of the way. Skipped questions are not among the answers."""

    answers: Mapping[str, Any]
    origin: Origin
    doubled: bool
    score: int = 0


Holds = Callable[[Seen], bool]
Case = tuple[str, Holds]
"""A condition in CEL, and the same in Python."""


@dataclass
class Plan:
    """A flow in Python's own words."""

    order: list[str]
    shown: dict[str, Holds] = field(default_factory=dict)
    ways: dict[str, list[tuple[Holds | None, str]]] = field(default_factory=dict)
    scoring: list[tuple[Holds, int]] = field(default_factory=list)
    out: list[tuple[Holds, str]] = field(default_factory=list)
    calls: dict[int, Holds] = field(default_factory=dict)
    doubled: Holds = lambda _: False


@dataclass(frozen=True)
class Found:
    path: tuple[str, ...]
    arrives_at: str
    score: int
    calls: frozenset[int]


def expected(plan: Plan, origin: Origin, known: Mapping[str, Any]) -> Found:
    """Where these values lead, told without the engine."""
    passed: dict[str, Any] = {}
    calls: set[int] = set()
    place, out = plan.order[0], None
    while place in plan.order and out is None:
        if plan.shown.get(place, lambda _: True)(_seen(plan, origin, passed)):
            if place not in known:
                break
            passed[place] = known[place]
            now = _seen(plan, origin, passed)
            calls |= {rule for rule, holds in plan.calls.items() if holds(now)}
            out = next((to for holds, to in plan.out if holds(now)), None)
        now = _seen(plan, origin, passed)
        place = out or next(to for holds, to in plan.ways[place] if holds is None or holds(now))
    return Found(tuple(passed), place, _seen(plan, origin, passed).score, frozenset(calls))


def _seen(plan: Plan, origin: Origin, passed: Mapping[str, Any]) -> Seen:
    given = {id_: value for id_, value in passed.items() if value is not None}
    bare = Seen(given, origin, plan.doubled(Seen(given, origin, doubled=False)))
    return Seen(given, origin, bare.doubled, sum(points for holds, points in plan.scoring if holds(bare)))


origins = st.builds(
    Origin,
    flow_version_id=st.just("v"),
    locale=st.sampled_from(["en", "fr", "fr-CA", "de"]),
    channel=st.sampled_from(["widget", "whatsapp"]),
    lead_id=st.just("lead"),
    utm=st.sampled_from([{}, {"source": "news"}, {"source": "ads"}]),
    hidden=st.sampled_from([{}, {"plan": "a"}, {"plan": "b"}]),
)


def _about(id_: str, type_: str) -> list[Case]:
    """Conditions on what was answered there; a missing answer makes none of them hold."""
    given: dict[str, list[Case]] = {
        "choice": [
            (f"answers.{id_} == 'a'", lambda seen: seen.answers.get(id_) == "a"),
            (f"answers.{id_} != 'b'", lambda seen: seen.answers.get(id_, "b") != "b"),
        ],
        "multi_choice": [(f"'a' in answers.{id_}", lambda seen: "a" in seen.answers.get(id_, []))],
        "number": [
            (f"answers.{id_} >= 10", lambda seen: seen.answers.get(id_, 0) >= 10),
            (f"answers.{id_} < 200", lambda seen: seen.answers.get(id_, 200) < 200),
        ],
        "yes_no": [
            (f"answers.{id_} == true", lambda seen: seen.answers.get(id_) is True),
            (f"answers.{id_} == false", lambda seen: seen.answers.get(id_) is False),
        ],
    }
    return given[type_]


AROUND: list[Case] = [
    ("locale == 'fr'", lambda seen: seen.origin.locale == "fr"),
    ("channel == 'whatsapp'", lambda seen: seen.origin.channel == "whatsapp"),
    ("utm.source == 'news'", lambda seen: seen.origin.utm.get("source") == "news"),
    ("hidden.plan != 'a'", lambda seen: seen.origin.hidden.get("plan", "a") != "a"),
]
ENDS = {
    "good": {"outcome": "qualified", "message": said("Good")},
    "bad": {"outcome": "disqualified", "message": said("Bad")},
    "later": {"outcome": "nurture", "message": said("Later"), "recap": True},
    "human": {"outcome": "handed_over", "message": said("Wait")},
}


@st.composite
def cases(draw: st.DrawFn, types: Mapping[str, str], with_score: bool = True) -> Case:
    """A condition on one or two of these questions, or on what surrounds the lead."""
    choices = [*AROUND]
    for id_ in draw(st.lists(st.sampled_from(sorted(types)), min_size=1, max_size=2)):
        choices += [*_about(id_, types[id_]), _absent(id_)] * 2
    if with_score:
        choices += [("score > 1", lambda seen: seen.score > 1), ("computed.twice > 2", lambda seen: seen.doubled)]
    one, other = draw(st.sampled_from(choices)), draw(st.sampled_from(choices))
    join = draw(st.sampled_from(["", "", "&&", "||"]))
    if not join:
        return one
    both = all if join == "&&" else any
    return f"({one[0]}) {join} ({other[0]})", lambda seen: both([one[1](seen), other[1](seen)])


def _absent(id_: str) -> Case:
    return f"!has(answers.{id_})", lambda seen: id_ not in seen.answers


@st.composite
def flows(draw: st.DrawFn) -> tuple[Flow, Plan]:
    """A random acyclic flow: each question leads to later ones, by conditions on what was answered and what surrounds it."""
    ids = [f"q{number}" for number in range(draw(st.integers(2, 7)))]
    types = {id_: draw(st.sampled_from(TYPES)) for id_ in ids}
    plan, questions = Plan(ids), {}
    for number, id_ in enumerate(ids):
        later, known = [*ids[number + 1 :], *ENDS], {each: types[each] for each in ids[: number + 1]}
        drawn = [(draw(cases(known)), draw(st.sampled_from(later))) for _ in range(draw(st.integers(0, 2)))]
        # The next question is the default, so that most questions can be reached.
        default = ids[number + 1] if number + 1 < len(ids) else draw(st.sampled_from(sorted(ENDS)))
        plan.ways[id_] = [*((case[1], to) for case, to in drawn), (None, default)]
        more: dict[str, Any] = {"optional": draw(st.booleans())}
        if number and draw(st.integers(0, 3)) == 0:
            more["when"], plan.shown[id_] = draw(cases({each: types[each] for each in ids[:number]}))
        if "choice" in types[id_]:
            more["options"] = [option("a"), option("b"), option("c")]
        questions[id_] = question(types[id_], *((case[0], to) for case, to in drawn), default, **more)
    doubled = draw(st.sampled_from(_about(ids[0], types[ids[0]])))
    # Without the first answer the field has no value, and nothing is more than nothing.
    plan.doubled = lambda seen: ids[0] in seen.answers and doubled[1](seen)
    scoring = [(draw(cases(types, with_score=False)), draw(st.integers(-3, 3))) for _ in range(draw(st.integers(0, 3)))]
    plan.scoring = [(case[1], points) for case, points in scoring]
    rules: list[dict[str, Any]] = []
    for place, calls in enumerate(draw(st.lists(st.booleans(), max_size=2))):
        (source, holds), end = draw(cases(types)), draw(st.sampled_from(sorted(ENDS)))
        rules.append({"when": source, **({"call_person": True} if calls else {"to": end})})
        if calls:
            plan.calls[place] = holds
        else:
            plan.out.append((holds, end))
    definition = {
        **small_flow(),
        "channels": ["widget", "whatsapp"],
        "hidden": ["plan"],
        "start": "q0",
        "questions": questions,
        "scoring": [{"when": case[0], "points": points} for case, points in scoring],
        "computed": {"twice": {"value": f"{doubled[0]} ? 4 : 0"}},
        "rules": rules,
        "ends": ENDS,
    }
    return compile_flow(FlowDefinition.model_validate(definition)), plan
