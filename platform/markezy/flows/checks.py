"""Static checks: what would surprise a lead in the middle of a flow is found before the flow is published."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from markezy.flows import graph
from markezy.flows.conditions import VARIABLES, Condition, Facts, InvalidCondition
from markezy.flows.definition import YES_OR_NO, FlowDefinition, Question, QuestionType
from markezy.flows.engine.messages import PLACEHOLDER
from markezy.flows.wording import LOCALES

_BOUND = re.compile(r"\.\s*(?:exists_one|exists|all|map|filter)\s*\(\s*([A-Za-z_]\w*)\s*,")
_COMPARED = re.compile(
    r"answers\.(\w+)\s*[!=]=\s*[\"']([^\"']*)[\"']"
    r"|[\"']([^\"']*)[\"']\s+in\s+answers\.(\w+)"
    r"|answers\.(\w+)\s+in\s+\[([^\]]*)\]"
)


@dataclass(frozen=True)
class Finding:
    """Something wrong with a flow. `at` is the place, like `questions/budget/next/0`; `code` is stable."""

    at: str
    code: str
    message: str


def find_problems(definition: FlowDefinition) -> list[Finding]:
    """Everything that keeps the flow from being published; nothing for a flow in order."""
    findings = [*_references(definition), *_ways_on(definition), *_conditions(definition), *_translations(definition)]
    if any(finding.code == "unknown_target" for finding in findings):
        return findings
    cycle = graph.find_cycle(definition)
    if cycle:
        findings.append(Finding("questions", "cycle", f"These questions lead back to each other: {' → '.join(cycle)}."))
        return findings
    return [*findings, *_unreachable(definition), *_placeholders(definition), *_order_of_conditions(definition)]


def _references(definition: FlowDefinition) -> Iterator[Finding]:
    known = definition.questions.keys() | definition.ends.keys()
    if definition.start not in definition.questions:
        yield Finding("start", "unknown_target", f"There is no question {definition.start!r} to start with.")
    for id_, question in definition.questions.items():
        for place, transition in enumerate(question.next):
            if transition.to not in known:
                yield Finding(
                    f"questions/{id_}/next/{place}", "unknown_target", f"There is no question or end {transition.to!r}."
                )


def _ways_on(definition: FlowDefinition) -> Iterator[Finding]:
    for id_, question in definition.questions.items():
        *earlier, last = question.next
        if last.when is not None:
            yield Finding(
                f"questions/{id_}/next", "no_default", "The last transition needs to be one without a condition."
            )
        if any(transition.when is None for transition in earlier):
            yield Finding(
                f"questions/{id_}/next",
                "dead_transition",
                "What follows a transition without a condition is never taken.",
            )


def _expressions(definition: FlowDefinition) -> Iterator[tuple[str, str, str | None]]:
    """Place, source, and the question whose transition it is."""
    for id_, question in definition.questions.items():
        for place, transition in enumerate(question.next):
            if transition.when is not None:
                yield f"questions/{id_}/next/{place}", transition.when, id_
    for place, rule in enumerate(definition.scoring):
        yield f"scoring/{place}", rule.when, None


def _conditions(definition: FlowDefinition) -> Iterator[Finding]:
    samples = Facts(_sample_facts(definition))
    for at, source, question in _expressions(definition):
        try:
            condition = Condition(source)
        except InvalidCondition as error:
            yield Finding(at, "invalid_condition", f"This is not a CEL expression: {error}")
            continue
        allowed = (
            VARIABLES | set(_BOUND.findall(source))
            if question
            else (VARIABLES - {"score"}) | set(_BOUND.findall(source))
        )
        for variable in sorted(condition.variables - allowed):
            yield Finding(at, "unknown_variable", f"Conditions here know no {variable!r}.")
        for missing in sorted(condition.questions - definition.questions.keys()):
            yield Finding(at, "unknown_question", f"There is no question {missing!r}.")
        yield from _options_compared(definition, at, source)
        if condition.variables <= allowed and condition.questions <= definition.questions.keys():
            problem = condition.trial(samples)
            if problem is not None:
                yield Finding(at, "unusable_condition", f"This can't be worked out: {problem}.")


def _options_compared(definition: FlowDefinition, at: str, source: str) -> Iterator[Finding]:
    for match in _COMPARED.finditer(source):
        id_ = match[1] or match[4] or match[5]
        named = re.findall(r"[\"']([^\"']*)[\"']", match[6]) if match[6] else [match[2] if match[1] else match[3]]
        question = definition.questions.get(id_)
        if question is None or not question.options:
            continue
        values = {option.value for option in question.options}
        for value in named:
            if value not in values:
                yield Finding(at, "unknown_option", f"The question {id_!r} has no option {value!r}.")


def _order_of_conditions(definition: FlowDefinition) -> Iterator[Finding]:
    """A transition that asks for an answer nobody can have given yet never holds."""
    earlier = _possibly_before(definition)
    for at, source, question in _expressions(definition):
        if question is None or question not in earlier:
            continue
        try:
            wanted = Condition(source).questions
        except InvalidCondition:
            continue
        for late in sorted((wanted & definition.questions.keys()) - earlier[question] - {question}):
            yield Finding(at, "asked_later", f"The question {late!r} is never asked before this point.")


def _possibly_before(definition: FlowDefinition) -> dict[str, set[str]]:
    order = graph.analyse(definition).order
    before: dict[str, set[str]] = {question: set() for question in order}
    for question in order:
        for to in graph.successors(definition, question):
            if to in before:
                before[to] |= before[question] | {question}
    return before


def _unreachable(definition: FlowDefinition) -> Iterator[Finding]:
    reached = graph.reachable(definition)
    for kind, ids in (("questions", definition.questions), ("ends", definition.ends)):
        for id_ in ids:
            if id_ not in reached:
                yield Finding(f"{kind}/{id_}", "unreachable", "No lead can ever get here.")


def _placeholders(definition: FlowDefinition) -> Iterator[Finding]:
    before = graph.analyse(definition).always_before
    for at, texts, node in _node_texts(definition):
        for locale, text in texts.items():
            for named in PLACEHOLDER.findall(text):
                asked = definition.questions.get(named)
                if asked is None or asked.optional or named not in before.get(node, frozenset()):
                    yield Finding(
                        f"{at}/{locale}",
                        "unfilled_placeholder",
                        f"There may be no answer to {{{named}}} at this point.",
                    )


def _node_texts(definition: FlowDefinition) -> Iterator[tuple[str, dict[str, str], str]]:
    for id_, question in definition.questions.items():
        yield f"questions/{id_}/text", question.text, id_
        yield f"questions/{id_}/help", question.help, id_
    for id_, end in definition.ends.items():
        yield f"ends/{id_}/message", end.message, id_


def _translations(definition: FlowDefinition) -> Iterator[Finding]:
    for locale in definition.locales:
        if locale not in LOCALES:
            yield Finding(
                "locales", "unknown_locale", f"The assistant doesn't speak {locale!r}; it speaks {', '.join(LOCALES)}."
            )
    for at, texts in _all_texts(definition):
        for locale in definition.locales:
            if locale not in texts:
                yield Finding(at, "missing_translation", f"The text in {locale!r} is missing.")


def _all_texts(definition: FlowDefinition) -> Iterator[tuple[str, dict[str, str]]]:
    yield "greeting", definition.greeting
    for id_, question in definition.questions.items():
        for name in ("text", "help", "label"):
            yield f"questions/{id_}/{name}", getattr(question, name)
        if question.placeholder:
            yield f"questions/{id_}/placeholder", question.placeholder
        for option in question.options:
            yield f"questions/{id_}/options/{option.value}", option.title
    for id_, end in definition.ends.items():
        yield f"ends/{id_}/message", end.message
    for id_, faq in definition.faqs.items():
        yield f"faqs/{id_}/answer", faq.answer


def _sample_facts(definition: FlowDefinition) -> dict[str, Any]:
    """Every question answered, so that a comparison of types that don't go together shows."""
    answers = {id_: _sample(question) for id_, question in definition.questions.items()}
    return {
        "answers": answers,
        "hidden": {},
        "utm": {},
        "channel": "widget",
        "locale": definition.locales[0],
        "score": 0,
    }


def _sample(question: Question) -> Any:
    if question.type in YES_OR_NO:
        return True
    samples: dict[QuestionType, Callable[[], Any]] = {
        QuestionType.CHOICE: lambda: question.options[0].value,
        QuestionType.MULTI_CHOICE: lambda: [question.options[0].value],
        QuestionType.NUMBER: lambda: 1,
        QuestionType.MONEY: lambda: 1.5,
        QuestionType.SCALE: lambda: 1,
        QuestionType.DATE: lambda: "2027-01-31",
    }
    return samples.get(question.type, lambda: "text")()
