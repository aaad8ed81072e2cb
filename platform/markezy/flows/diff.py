"""What changed between two versions of a flow, told for people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from markezy.flows.definition import FlowDefinition, Option, Question, Rule, Transition
from markezy.flows.exchange.reading_order import along_the_way

_LONGEST_QUOTE = 160


class ChangeKind(StrEnum):
    """What happened at a place."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True)
class Change:
    """One difference. `at` is the place as findings write it, `what` its name for people in the language asked for."""

    at: str
    kind: ChangeKind
    what: str
    before: str | None = None
    after: str | None = None

    def __str__(self) -> str:
        """One line of text."""
        if self.kind is ChangeKind.CHANGED:
            return f"{self.what}: {_quoted(self.before)} → {_quoted(self.after)}"
        detail = self.after if self.kind is ChangeKind.ADDED else self.before
        if self.kind is ChangeKind.MOVED:
            return f"{self.what} moved: {self.before} → {self.after}"
        return f"{self.what} {self.kind.value}" + (f": {_quoted(detail)}" if detail else "")


def diff(old: FlowDefinition, new: FlowDefinition, locale: str) -> list[Change]:
    """Everything that differs, in the order of the flow; empty for flows that mean the same.

    Questions and ends are named as they are in `locale`, or in the flow's first language; texts are compared in all.
    """
    return [
        *_value("locales", "Languages", ", ".join(old.locales), ", ".join(new.locales)),
        *_value("channels", "Channels", ", ".join(old.channels), ", ".join(new.channels)),
        *_value("hidden", "Hidden fields", ", ".join(old.hidden), ", ".join(new.hidden)),
        *_texts("greeting", "Greeting", old.greeting, new.greeting),
        *_value("start", "First question", old.start, new.start),
        *_questions(old, new, locale),
        *_named("computed", "Computed field", _sources(old), _sources(new)),
        *_listed("rules", "Rule", [_way(rule) for rule in old.rules], [_way(rule) for rule in new.rules]),
        *_listed("scoring", "Points", _points(old), _points(new)),
        *_ends(old, new),
        *_faqs(old, new),
    ]


def _quoted(text: str | None) -> str:
    if text is None or not text:
        return "nothing"
    short = text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
    return f"“{short}”"


def _value(at: str, what: str, before: Any, after: Any) -> Iterator[Change]:
    if before != after:
        yield Change(at, ChangeKind.CHANGED, what, _shown(before), _shown(after))


def _shown(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}" if value % 1 else f"{value:.0f}"
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    return str(value)


def _texts(at: str, what: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for locale in dict.fromkeys((*before, *after)):
        yield from _value(f"{at}/{locale}", f"{what} ({locale})", before.get(locale), after.get(locale))


def _questions(old: FlowDefinition, new: FlowDefinition, locale: str) -> Iterator[Change]:
    for id_ in old.questions:
        if id_ in new.questions:
            continue
        yield Change(f"questions/{id_}", ChangeKind.REMOVED, _name(old, id_, locale), _said(old, id_, locale))
    for id_, question in new.questions.items():
        what = _name(new, id_, locale)
        before = old.questions.get(id_)
        if before is None:
            yield Change(f"questions/{id_}", ChangeKind.ADDED, what, None, _said(new, id_, locale))
        else:
            yield from _question(f"questions/{id_}", what, before, question)
    yield from _moved(old, new, locale)


def _name(flow: FlowDefinition, id_: str, locale: str) -> str:
    label = flow.questions[id_].label
    spoken = label.get(locale) or label.get(flow.locales[0])
    return f"Question “{spoken}” ({id_})" if spoken else f"Question {id_}"


def _said(flow: FlowDefinition, id_: str, locale: str) -> str:
    text = flow.questions[id_].text
    return text.get(locale) or text.get(flow.locales[0]) or next(iter(text.values()), "")


def _question(at: str, what: str, before: Question, after: Question) -> Iterator[Change]:
    yield from _value(f"{at}/type", f"{what}, type", before.type.value, after.type.value)
    for part in ("text", "help", "label", "placeholder", "repair"):
        yield from _texts(f"{at}/{part}", f"{what}, {part}", getattr(before, part), getattr(after, part))
    yield from _options(f"{at}/options", what, before.options, after.options)
    for rule in type(before.validation).model_fields:
        yield from _value(
            f"{at}/validation/{rule}",
            f"{what}, {rule}",
            getattr(before.validation, rule),
            getattr(after.validation, rule),
        )
    for part, name in (
        ("optional", "may be skipped"), ("when", "asked only if"), ("keywords", "keywords"), ("entity", "entity"), ("role", "role"),
    ):  # fmt: skip
        yield from _value(f"{at}/{part}", f"{what}, {name}", getattr(before, part), getattr(after, part))
    yield from _listed(f"{at}/next", f"{what}, way on", list(map(_way, before.next)), list(map(_way, after.next)))


def _options(at: str, what: str, before: Sequence[Option], after: Sequence[Option]) -> Iterator[Change]:
    old, new = {option.value: option for option in before}, {option.value: option for option in after}
    for value, option in old.items():
        if value not in new:
            yield Change(f"{at}/{value}", ChangeKind.REMOVED, f"{what}, option {value}", _first(option.title))
    for value, option in new.items():
        if value not in old:
            yield Change(f"{at}/{value}", ChangeKind.ADDED, f"{what}, option {value}", None, _first(option.title))
            continue
        yield from _texts(f"{at}/{value}", f"{what}, option {value}", old[value].title, option.title)
        yield from _value(
            f"{at}/{value}/synonyms", f"{what}, option {value}, synonyms", old[value].synonyms, option.synonyms
        )
    kept = [value for value in old if value in new]
    reordered = [value for value in new if value in old]
    if kept != reordered:
        yield Change(at, ChangeKind.MOVED, f"{what}, options", ", ".join(kept), ", ".join(reordered))


def _first(texts: Mapping[str, str]) -> str:
    return next(iter(texts.values()), "")


def _way(way: Any) -> str:
    """A transition or a rule in words."""
    if isinstance(way, Transition) and way.when is None:
        return f"otherwise to {way.to}"
    if isinstance(way, Rule) and way.call_person:
        return f"if {way.when}, call a person"
    return f"if {way.when}, to {way.to}"


def _points(flow: FlowDefinition) -> list[str]:
    return [f"{rule.points:+d} if {rule.when}" for rule in flow.scoring]


def _sources(flow: FlowDefinition) -> dict[str, str]:
    return {id_: field.value for id_, field in flow.computed.items()}


def _listed(at: str, what: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    """Lists whose order counts: what is gone and what is new, told as changed where they stand at one place."""
    gone = [(place, each) for place, each in enumerate(before) if each not in after]
    come = [(place, each) for place, each in enumerate(after) if each not in before]
    for (_, one), (place, other) in zip(gone, come, strict=False):
        yield Change(f"{at}/{place}", ChangeKind.CHANGED, what, one, other)
    for place, each in gone[len(come) :]:
        yield Change(f"{at}/{place}", ChangeKind.REMOVED, what, each)
    for place, each in come[len(gone) :]:
        yield Change(f"{at}/{place}", ChangeKind.ADDED, what, None, each)
    kept = [each for each in before if each in after]
    reordered = [each for each in after if each in before]
    if kept != reordered:
        yield Change(at, ChangeKind.MOVED, what, "; ".join(kept), "; ".join(reordered))


def _named(at: str, what: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for id_ in dict.fromkeys((*before, *after)):
        here, name = f"{at}/{id_}", f"{what} {id_}"
        if id_ not in after:
            yield Change(here, ChangeKind.REMOVED, name, before[id_])
        elif id_ not in before:
            yield Change(here, ChangeKind.ADDED, name, None, after[id_])
        else:
            yield from _value(here, name, before[id_], after[id_])


def _ends(old: FlowDefinition, new: FlowDefinition) -> Iterator[Change]:
    for id_ in dict.fromkeys((*old.ends, *new.ends)):
        at, what = f"ends/{id_}", f"End {id_}"
        if id_ not in new.ends:
            yield Change(at, ChangeKind.REMOVED, what, old.ends[id_].outcome.value)
        elif id_ not in old.ends:
            yield Change(at, ChangeKind.ADDED, what, None, new.ends[id_].outcome.value)
        else:
            before, after = old.ends[id_], new.ends[id_]
            yield from _value(f"{at}/outcome", f"{what}, outcome", before.outcome.value, after.outcome.value)
            yield from _texts(f"{at}/message", f"{what}, message", before.message, after.message)
            yield from _value(f"{at}/recap", f"{what}, recap", before.asks_for_recap, after.asks_for_recap)


def _faqs(old: FlowDefinition, new: FlowDefinition) -> Iterator[Change]:
    for id_ in dict.fromkeys((*old.faqs, *new.faqs)):
        at, what = f"faqs/{id_}", f"FAQ {id_}"
        if id_ not in new.faqs:
            yield Change(at, ChangeKind.REMOVED, what, _first(old.faqs[id_].answer))
        elif id_ not in old.faqs:
            yield Change(at, ChangeKind.ADDED, what, None, _first(new.faqs[id_].answer))
        else:
            yield from _texts(f"{at}/answer", f"{what}, answer", old.faqs[id_].answer, new.faqs[id_].answer)
            yield from _value(f"{at}/keywords", f"{what}, keywords", old.faqs[id_].keywords, new.faqs[id_].keywords)


def _moved(old: FlowDefinition, new: FlowDefinition, locale: str) -> Iterator[Change]:
    """Questions that come before or after others than they did, as few as can explain the new order."""
    before = [id_ for id_ in _order(old) if id_ in new.questions]
    after = [id_ for id_ in _order(new) if id_ in old.questions]
    stayed = _longest_common(before, after)
    for id_ in after:
        if id_ not in stayed:
            yield Change(
                f"questions/{id_}", ChangeKind.MOVED, _name(new, id_, locale), _behind(before, id_), _behind(after, id_)
            )


def _order(flow: FlowDefinition) -> list[str]:
    """The questions along the way, which the transitions decide; the order they are written in means nothing."""
    return [id_ for id_ in along_the_way(flow.model_dump(mode="json")) if id_ in flow.questions]


def _behind(order: Sequence[str], id_: str) -> str:
    place = order.index(id_)
    return f"after {order[place - 1]}" if place else "first"


def _longest_common(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The longest run of names that stand in one order in both."""
    place = {id_: number for number, id_ in enumerate(before)}
    best: list[list[str]] = []
    for id_ in after:
        longer = [run for run in best if place[run[-1]] < place[id_]]
        best.append([*_longest(longer), id_])
    return set(_longest(best))


def _longest(runs: list[list[str]]) -> list[str]:
    longest: list[str] = []
    for run in runs:
        longest = run if len(run) > len(longest) else longest
    return longest
