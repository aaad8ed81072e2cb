"""What the conditions of a flow come to for kinds of leads, each of whom is known by the few facts that still matter."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Any

from markezy.flows.answer_space import Kinds, kinds_of, with_computed
from markezy.flows.conditions import Condition, Facts
from markezy.flows.definition import FlowDefinition
from markezy.flows.engine.flow import in_order
from markezy.flows.expressions import read_expression
from markezy.flows.graph import analyse, successors

MAPS = frozenset({"answers", "computed", "hidden", "utm"})
_AROUND = ("hidden.", "utm.", "channel", "locale")
"""Facts that are known before the first question."""
_START = ""

Range = tuple[int, int]


@dataclass(frozen=True)
class Lead:
    """A kind of lead: by fact which kind of value it has, absent facts left out, and the score if it still matters."""

    facts: tuple[tuple[str, int], ...] = ()
    score: int | None = None


class _Test:
    """A compiled expression whose result is remembered for each kind of lead it can tell apart."""

    def __init__(self, definition: FlowDefinition, source: str) -> None:
        self.condition = Condition(source)
        facts: set[str] = set()
        for each in with_computed(definition, [source]):
            facts |= read_expression(each).facts
        self.on_score = "score" in facts
        self.facts = frozenset(fact for fact in facts if fact != "score" and not fact.startswith("computed."))
        self.known: dict[Lead, bool] = {}


@dataclass(frozen=True)
class _Horizon:
    """What lies ahead of a lead at one place."""

    ahead: frozenset[str]
    """The questions from here on, this one included."""
    open: frozenset[int]
    """The scoring rules, by their place, that an answer from here on may decide."""
    matters: frozenset[str]
    """The facts that something ahead depends on."""
    score_matters: bool


class Outlook:
    """The tests of one flow without errors, and what of a lead matters where."""

    def __init__(self, definition: FlowDefinition) -> None:
        self._definition = definition
        self._computed = in_order({id_: Condition(each.value) for id_, each in definition.computed.items()})
        questions = definition.questions
        self._visible = {id_: _Test(definition, each.when) for id_, each in questions.items() if each.when}
        self._ways = {
            id_: [(_Test(definition, way.when) if way.when else None, way.to) for way in each.next]
            for id_, each in questions.items()
        }
        self._rules = [(_Test(definition, rule.when), rule.to) for rule in definition.rules]
        self._scoring = [(_Test(definition, rule.when), rule.points) for rule in definition.scoring]
        self._from = self._horizons()

    @property
    def exact(self) -> bool:
        """Whether the kinds of answers stand for all there are."""
        whole = any(test.facts & MAPS for test in self._tests())
        return not whole and all(kinds.exact for kinds in self._kinds.values())

    def newcomers(self) -> Iterator[Lead]:
        """The kinds of leads there are before the first question."""
        around = [fact for fact in self._kinds if fact.startswith(_AROUND)]
        choices = [[*range(len(self._kinds[fact].values)), *([None] if "." in fact else [])] for fact in around]
        for picked in product(*choices):
            yield Lead(tuple((fact, kind) for fact, kind in zip(around, picked, strict=True) if kind is not None))

    def answers(self, question: str, lead: Lead) -> Iterator[Lead]:
        """The lead after each kind of answer to the question."""
        fact = f"answers.{question}"
        if fact not in self._kinds:
            yield lead
            return
        for kind in range(len(self._kinds[fact].values)):
            yield replace(lead, facts=tuple(sorted((*lead.facts, (fact, kind)))))
        if self._definition.questions[question].optional:
            yield lead

    def shows(self, question: str, lead: Lead) -> bool:
        """Whether the lead is asked the question."""
        test = self._visible.get(question)
        return test is None or self._holds(test, lead, question)

    def way_out(self, question: str, lead: Lead) -> str | None:
        """The end a rule leads the lead to after the question."""
        exits = ((test, to) for test, to in self._rules if to is not None)
        return next((to for test, to in exits if self._holds(test, lead, question)), None)

    def next_after(self, question: str, lead: Lead) -> str:
        """Where the question leads the lead."""
        return next(to for test, to in self._ways[question] if test is None or self._holds(test, lead, question))

    def open_ways(self, question: str, lead: Lead) -> tuple[bool, ...]:
        """By transition of the question, whether it is open to the lead; the first open one is taken."""
        return tuple(test is None or self._holds(test, lead, question) for test, _ in self._ways[question])

    def open_rules(self, question: str, lead: Lead) -> tuple[bool, ...]:
        """By rule, whether it holds for the lead after the question."""
        return tuple(self._holds(test, lead, question) for test, _ in self._rules)

    def told(self, lead: Lead, facts: Collection[str], at: str) -> dict[str, Any]:
        """The values of these facts, as far as they are known of the lead at the question."""
        known = {fact: self._kinds[fact].values[kind] for fact, kind in lead.facts if fact in facts}
        return {**known, "score": self._score(lead, at)} if "score" in facts else known

    def arrive(self, before: str, node: str, lead: Lead, points: Range) -> tuple[Lead, Range]:
        """The lead at `node`, known by what matters from there on, and the range of points that are certain by now.

        `before` is the question they come from, empty for newcomers. A score that matters is in the lead and not in the range.
        """
        here = self._from[node]
        settled = self._from[before].open - here.open
        more = sum(self._scoring[place][1] for place in settled if self._holds(self._scoring[place][0], lead, before))
        facts = tuple((fact, kind) for fact, kind in lead.facts if fact in here.matters)
        if here.score_matters:
            return Lead(facts, (lead.score or 0) + more), (0, 0)
        least, most = points if lead.score is None else (lead.score, lead.score)
        return Lead(facts), (least + more, most + more)

    def _tests(self) -> Iterator[_Test]:
        yield from self._visible.values()
        yield from (test for ways in self._ways.values() for test, _ in ways if test is not None)
        yield from (test for test, _ in self._rules)
        yield from (test for test, _ in self._scoring)

    @cached_property
    def _kinds(self) -> Mapping[str, Kinds]:
        sources = with_computed(self._definition, [test.condition.source for test in self._tests()])
        facts = sorted({fact for test in self._tests() for fact in test.facts - MAPS})
        return {fact: kinds_of(self._definition, fact, sources) for fact in facts}

    def _holds(self, test: _Test, lead: Lead, at: str) -> bool:
        key = Lead(
            tuple((fact, kind) for fact, kind in lead.facts if fact in test.facts),
            self._score(lead, at) if test.on_score else None,
        )
        if key not in test.known:
            test.known[key] = test.condition.holds(self._cel_facts(key))
        return test.known[key]

    def _score(self, lead: Lead, at: str) -> int:
        """The points so far: the certain ones, and those that later answers may still change."""
        open_ = (self._scoring[place] for place in self._from[at].open)
        return (lead.score or 0) + sum(points for test, points in open_ if self._holds(test, lead, at))

    def _cel_facts(self, lead: Lead) -> Facts:
        facts: dict[str, Any] = {kind: {} for kind in MAPS}
        facts |= {
            "channel": self._definition.channels[0].value,
            "locale": self._definition.locales[0],
            "score": lead.score or 0,
        }
        for fact, kind in lead.facts:
            section, _, name = fact.partition(".")
            value = self._kinds[fact].values[kind]
            if name:
                facts[section][name] = value
            else:
                facts[section] = value
        for id_, expression in self._computed.items():
            value = expression.value(Facts({**facts, "computed": dict(facts["computed"])}))
            if value is not None:
                facts["computed"][id_] = value
        return Facts(facts)

    def _horizon(self, ahead: frozenset[str], open_: frozenset[int]) -> _Horizon:
        decisions = [test for id_, test in self._visible.items() if id_ in ahead]
        decisions += [test for id_ in ahead for test, _ in self._ways[id_] if test is not None]
        decisions += [test for test, _ in self._rules] if ahead else []
        tests = [*decisions, *(self._scoring[place][0] for place in open_)]
        return _Horizon(
            ahead, open_, frozenset().union(*(test.facts for test in tests)), any(test.on_score for test in decisions)
        )

    def _horizons(self) -> dict[str, _Horizon]:
        every = frozenset(range(len(self._scoring)))
        horizons = {end: self._horizon(frozenset(), frozenset()) for end in self._definition.ends}
        for question in reversed(analyse(self._definition).order):
            beyond = (horizons[to].ahead for to in successors(self._definition, question))
            ahead = frozenset({question}).union(*beyond)
            to_come = {f"answers.{id_}" for id_ in ahead} | MAPS
            open_ = frozenset(place for place in every if self._scoring[place][0].facts & to_come)
            horizons[question] = self._horizon(ahead, open_)
        return {**horizons, _START: self._horizon(frozenset(self._definition.questions), every)}
