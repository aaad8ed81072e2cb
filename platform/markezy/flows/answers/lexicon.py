"""The words by which a question and its options are known, ready to be looked for in a passage."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from markezy.flows.answers.passages import in_words
from markezy.flows.answers.vocabulary import known
from markezy.flows.definition import Option, Question

Name = tuple[str, ...]

_SHORTEST = 4


@dataclass(frozen=True)
class OptionName:
    """One way to call an option. `telling`: it may be taken for the option before its question was asked."""

    words: Name
    option: Option
    telling: bool


@dataclass(frozen=True)
class Lexicon:
    """A question's words.

    `subject`: what it is about; `period`: those that only say how often; `own_period`: the same, with what its label
    says; `openings`: the first words of `subject` and `period`; `options`: how they are called, by the first word;
    `in_percent`: its answer is a share.
    """

    subject: tuple[Name, ...]
    period: tuple[Name, ...]
    own_period: tuple[Name, ...]
    openings: frozenset[str]
    options: Mapping[str, tuple[OptionName, ...]]
    in_percent: bool


class _Same:
    """A question as a key that is compared by identity: definitions never change, and hashing one takes long."""

    __slots__ = ("question",)

    def __init__(self, question: Question) -> None:
        self.question = question

    def __hash__(self) -> int:
        return id(self.question)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.question is self.question


def lexicon(question: Question) -> Lexicon:
    """The question's words; put together once."""
    return _lexicon(_Same(question))


@lru_cache(maxsize=2048)
def _lexicon(key: _Same) -> Lexicon:
    question = key.question
    words = [in_words(word) for word in (*question.keywords, *question.label.values())]
    names = dict.fromkeys(word for word in words if word)
    periods = frozenset[str]().union(*_spans())
    period = tuple(name for name in names if periods.intersection(name) and _is_everyday(name, periods))
    labels = {word for label in question.label.values() for word in in_words(label)}
    own_period = tuple((word,) for span in _spans() if span & labels for word in sorted(span))
    return Lexicon(
        subject=tuple(name for name in names if name not in period),
        period=period,
        own_period=(*period, *own_period),
        openings=frozenset(name[0] for name in names),
        options=_by_first_word([name for option in question.options for name in _names(option)]),
        in_percent=any("%" in text for text in (*question.label.values(), *question.text.values())),
    )


def _spans() -> tuple[frozenset[str], ...]:
    """The words for each length of time."""
    return known("months"), known("years"), known("shorter")


def _names(option: Option) -> list[OptionName]:
    called = (*option.title.values(), *option.synonyms, option.value.replace("_", " "))
    names = dict.fromkeys(name for name in map(in_words, called) if name)
    return [OptionName(name, option, _is_telling(name)) for name in names if sum(map(len, name)) >= _SHORTEST]


def _by_first_word(names: list[OptionName]) -> dict[str, tuple[OptionName, ...]]:
    found: dict[str, tuple[OptionName, ...]] = {}
    for name in names:
        found[name.words[0]] = (*found.get(name.words[0], ()), name)
    return found


def _is_telling(name: Name) -> bool:
    return (
        not _is_everyday(name)
        and not known("negations").intersection(name)
        and not all(word.isdigit() for word in name)
    )


def _is_everyday(name: Name, more: frozenset[str] = frozenset()) -> bool:
    return all(word in known("everyday") or word in more for word in name)
