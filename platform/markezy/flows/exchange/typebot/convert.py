"""The whole import: questions from inputs, transitions from edges and conditions, ends from where the bot stops."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from markezy.flows.checks import find_problems
from markezy.flows.definition import MOST_QUESTIONS, FlowDefinition, Question
from markezy.flows.engine.messages import PLACEHOLDER
from markezy.flows.exchange.flow_file import FileProblem, UnreadableFlow
from markezy.flows.exchange.typebot.bot import Bot, Place, read_bot
from markezy.flows.exchange.typebot.comparisons import condition_of
from markezy.flows.exchange.typebot.left_out import LeftOut
from markezy.flows.exchange.typebot.loops import without_loops
from markezy.flows.exchange.typebot.questions import Choice, question_of
from markezy.flows.exchange.typebot.texts import GREETING, HELP, LONGEST, THANKS, VARIABLE, as_id
from markezy.flows.exchange.typebot.ways import Way, Ways

_LONGEST_CONDITION = 1000
_LONGEST_LABEL = 60
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}")


@dataclass(frozen=True)
class Imported:
    """The flow, and what of the bot is not in it or needs a decision."""

    definition: FlowDefinition
    name: str
    slug: str
    not_carried_over: tuple[LeftOut, ...]


def import_typebot(text: str, locale: str) -> Imported:
    """The bot of an exported file as a flow in one language; UnreadableFlow when it is no bot or asks nothing."""
    if locale not in HELP:
        raise UnreadableFlow(FileProblem(None, "", f"The assistant doesn't speak {locale!r}; take {', '.join(HELP)}."))
    return _Import(read_bot(text), locale).result()


@dataclass
class _Input:
    id: str
    parts: dict[str, Any]
    choices: list[Choice]
    variable: str


class _Import:
    """One import under way."""

    def __init__(self, bot: Bot, locale: str) -> None:
        self._bot = bot
        self._locale = locale
        self._left_out: dict[LeftOut, None] = {}
        self._ends: dict[str, dict[str, Any]] = {}
        self._hidden: dict[str, None] = {}
        self._inputs: dict[Place, _Input] = {}
        self._ways = Ways(bot, lambda _: "true", lambda _place, _why: None)
        self._reached = self._places_reached()
        self._read_inputs()
        self._ways = Ways(bot, self._to_cel, self._report)

    def result(self) -> Imported:
        if not self._reached:
            raise UnreadableFlow(FileProblem(None, "", "This bot asks nothing, so there is no flow in it."))
        if len(self._reached) > MOST_QUESTIONS:
            raise UnreadableFlow(FileProblem(None, "", f"A flow has at most {MOST_QUESTIONS} questions."))
        first = self._first_ways()
        ways = {place: self._ways_from(place) for place in self._reached}
        arrivals = [way for each in ways.values() for way in each]
        questions = {
            self._inputs[place].id: {
                **self._inputs[place].parts,
                **self._said(place, first, [way for way in arrivals if way.to == place]),
                "next": self._transitions(place, ways[place]),
            }
            for place in self._reached
        }
        self._report_unreached()
        start = self._inputs[self._reached[0]].id
        definition = self._defined(
            {
                "locales": [self._locale],
                "hidden": list(self._hidden),
                "greeting": {self._locale: self._greeting(first)},
                "start": start,
                "questions": without_loops(questions, start, self._end, self._loop_found),
                "ends": self._ends,
            }
        )
        return Imported(definition, self._bot.name[:200], _slug(self._bot.name), tuple(self._left_out))

    # --- what there is ---------------------------------------------------------------------------------------------

    def _places_reached(self) -> list[Place]:
        """The inputs some way leads to, the first question first."""
        reached: dict[Place, None] = {}
        waiting = [way.to for way in self._ways.from_start() if way.to is not None][:1]
        while waiting:
            place = waiting.pop(0)
            if place in reached:
                continue
            reached[place] = None
            block = self._block(place)
            edges = [item.get("outgoingEdgeId") for item in block.items if item.get("outgoingEdgeId")]
            for edge in (*edges, block.edge):
                waiting += [way.to for way in self._ways.from_edge(edge, place) if way.to is not None]
        return list(reached)

    def _read_inputs(self) -> None:
        taken: list[str] = []
        for place in self._reached:
            block = self._block(place)
            variable = self._bot.variables.get(str(block.options.get("variableId")), "")
            id_ = as_id(variable or self._bot.groups[place[0]].title, taken, "question")
            taken.append(id_)

            def report(why: str, place: Place = place) -> None:
                self._report(place, why)

            parts, choices = question_of(block, variable, self._locale, report)
            self._inputs[place] = _Input(id_, parts, choices, variable)

    def _block(self, place: Place) -> Any:
        return self._bot.groups[place[0]].blocks[place[1]]

    # --- what is not carried over ----------------------------------------------------------------------------------

    def _report(self, place: Place | None, why: str) -> None:
        if place is None:
            self._left_out[LeftOut("", "", why)] = None
            return
        group = self._bot.groups[place[0]]
        block = group.blocks[place[1]].type if place[1] < len(group.blocks) else ""
        self._left_out[LeftOut(group.title, f"{block} (block {place[1] + 1})" if block else "", why)] = None

    def _report_unreached(self) -> None:
        for place in self._bot.places.values():
            if place not in self._ways.passed:
                self._report(place, "no way leads here")
        for member in self._bot.others:
            self._report(None, f"the bot's {member!r} has no counterpart in a flow")
        self._report(
            None, "Typebot doesn't say what an end means: every end is taken as qualified, so look at `outcome`"
        )

    def _loop_found(self, question: str, to: str, instead: str) -> None:
        place = next(place for place, each in self._inputs.items() if each.id == question)
        self._report(place, f"this leads back to {to!r}, and a flow never leads back; {instead}")

    # --- conditions ------------------------------------------------------------------------------------------------

    def _to_cel(self, content: dict[str, Any]) -> str:
        return condition_of(content, self._sources, self._locale)

    def _sources(self, variable_id: str) -> list[tuple[str, Question | None]]:
        """The answers that fill a variable; without one, what the page hands over under its name."""
        filled = [place for place in self._reached if self._block(place).options.get("variableId") == variable_id]
        if filled:
            return [(f"answers.{self._inputs[place].id}", self._sketch(place)) for place in filled]
        name = self._bot.variables.get(variable_id, "")
        worked_out = any(
            block.type == "Set variable" and block.options.get("variableId") == variable_id
            for group in self._bot.groups
            for block in group.blocks
        )
        if worked_out or not _IDENTIFIER.fullmatch(name):
            return []
        self._hidden[name] = None
        return [(f"hidden.{name}", None)]

    def _sketch(self, place: Place) -> Question:
        """The question as far as conditions care."""
        words = {self._locale: "?"}
        parts = self._inputs[place].parts
        return Question.model_validate({"text": words, "help": words, "label": words, "next": [{"to": "x"}], **parts})

    # --- ways ------------------------------------------------------------------------------------------------------

    def _first_ways(self) -> Way:
        """The way to the first question; a flow has one."""
        ways = [way for way in self._ways.from_start() if way.to is not None]
        for way in ways:
            if way.to != self._reached[0]:
                self._report(
                    way.behind, "a flow begins with one question; what else the bot may begin with is left out"
                )
        return ways[0]

    def _ways_from(self, place: Place) -> list[Way]:
        """All ways on from an input, in the order in which they are tried; the last one without a condition."""
        input_ = self._inputs[place]
        block = self._block(place)
        ways: list[Way] = []
        for choice in input_.choices:
            if choice.edge is None:
                continue
            several = block.options.get("isMultipleChoice")
            value = f'"{choice.option["value"]}"'
            chosen = f"{value} in answers.{input_.id}" if several else f"answers.{input_.id} == {value}"
            ways += [
                Way(way.said, way.to, way.behind, (chosen, *way.when))
                for way in self._ways.from_edge(choice.edge, place)
            ]
        return [*ways, *self._ways.from_edge(block.edge, place)]

    def _transitions(self, place: Place, ways: Sequence[Way]) -> list[dict[str, str]]:
        steps: list[dict[str, str]] = []
        for way in ways:
            when = " && ".join(way.when)
            if len(when) > _LONGEST_CONDITION:
                self._report(place, "a condition is too long for a flow, so nobody goes its way")
                continue
            to = self._inputs[way.to].id if way.to is not None else self._end_of(way)
            steps.append({"when": when, "to": to} if when else {"to": to})
        default = next((number for number, step in enumerate(steps) if "when" not in step), None)
        steps = steps if default is None else steps[: default + 1]
        while len(steps) > 1 and steps[-2]["to"] == steps[-1]["to"]:
            del steps[-2]
        return steps

    # --- words -----------------------------------------------------------------------------------------------------

    def _said(self, place: Place, first: Way, arrivals: Sequence[Way]) -> dict[str, Any]:
        """The question's texts: what is said on every way to it."""
        said = [way.said for way in arrivals]
        if place == first.to:
            said.insert(0, first.said[-1:])
        together = _common_end(said) or next(filter(None, said), ())
        for way in arrivals:
            for text in way.said:
                if text not in together:
                    self._report(place, f"said on one way to this question only, so left out: “{text}”")
        input_ = self._inputs[place]
        words = self._words(place, "\n\n".join(together)) or input_.variable or self._bot.groups[place[0]].title
        label = (input_.variable or self._bot.groups[place[0]].title)[:_LONGEST_LABEL]
        return {
            name: {self._locale: text}
            for name, text in (("text", words), ("help", HELP[self._locale]), ("label", label))
        }

    def _greeting(self, first: Way) -> str:
        return self._words(None, "\n\n".join(first.said[:-1])) or GREETING[self._locale]

    def _words(self, place: Place | None, text: str) -> str:
        """The text with the bot's variables as placeholders."""

        def placeholder(match: re.Match[str]) -> str:
            named = [each.id for each in self._inputs.values() if each.variable == match[1]]
            if len(named) == 1:
                return f"{{{named[0]}}}"
            self._report(place, f"the variable “{match[1]}” can't be shown in a text")
            return "…"

        words = VARIABLE.sub(placeholder, text)
        if len(words) > LONGEST:
            self._report(place, f"a text is cut off after {LONGEST} characters")
        return words[:LONGEST]

    def _end_of(self, way: Way) -> str:
        text = self._words(way.behind, "\n\n".join(way.said)) or THANKS[self._locale]
        title = self._bot.groups[way.behind[0]].title if way.behind else ""
        return self._end(text, title)

    def _end(self, text: str = "", title: str = "") -> str:
        """The end that says this, made if it is new."""
        message = {self._locale: text or THANKS[self._locale]}
        for id_, end in self._ends.items():
            if end["message"] == message:
                return id_
        id_ = as_id(f"end {title}", [*self._ends, *(each.id for each in self._inputs.values())], "end")
        self._ends[id_] = {"outcome": "qualified", "message": message}
        return id_

    # --- the flow --------------------------------------------------------------------------------------------------

    def _defined(self, data: dict[str, Any]) -> FlowDefinition:
        try:
            definition = FlowDefinition.model_validate(data)
        except ValidationError as error:
            problems = error.errors(include_url=False, include_input=False)
            raise UnreadableFlow(
                *(FileProblem(None, "/".join(map(str, item["loc"])), item["msg"]) for item in problems)
            ) from None
        unfilled = [each.at for each in find_problems(definition) if each.code == "unfilled_placeholder"]
        if not unfilled:
            return definition
        for at in unfilled:
            self._report(None, f"an answer shown in {at} may not be given there, so it is left out")
            section, id_, part, locale = at.split("/")
            texts: dict[str, str] = data[section][id_][part]
            texts[locale] = PLACEHOLDER.sub("…", texts[locale])
        return FlowDefinition.model_validate(data)


def _common_end(said: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The texts all of these end with."""
    common: tuple[str, ...] = said[0] if said else ()
    for each in said[1:]:
        length = 0
        while length < min(len(common), len(each)) and common[-1 - length] == each[-1 - length]:
            length += 1
        common = common[len(common) - length :]
    return common


def _slug(name: str) -> str:
    return as_id(name, (), "typebot").replace("_", "-")
