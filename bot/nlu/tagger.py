"""Cities, kinds of business, names of people and companies in a sentence: a conditional random field (CRFsuite).

What surrounds a name tells more than the name, and most names are in no list. So each example is learned with other names
in its place, too: listed ones, and invented ones that no list is asked about; and in small letters, as on a phone.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pycrfsuite

from bot.nlu.lexicon import Lexicon
from bot.nlu.patterns import Span
from bot.nlu.text import LONGEST_READ, normalise, words_of

TAGGED = ("city", "business", "person_name", "company")

_TOKEN = re.compile(r"[^\W\d_]+(?:[-&][^\W\d_]+)*['’]?|\d+|[^\w\s]")
_OUTSIDE = "O"
_VARIANTS = 8
_WITH_SURNAME = 0.5
_INVENTED = frozenset({"city", "person_name", "company"})
_PARAMETERS = {"c1": 0.05, "c2": 0.02, "max_iterations": 120, "feature.possible_transitions": True}
_AROUND = (-2, -1, 1, 2)


@dataclass(frozen=True)
class Example:
    """A text and the entities in it."""

    text: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class _Token:
    text: str
    word: str
    start: int
    end: int


class Tagger:
    """A fitted tagger, read from its file."""

    def __init__(self, path: Path, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open(str(path))

    def tag(self, text: str) -> list[Span]:
        """The entities in a text, in their order, each with its probability."""
        tokens = _tokens(text[:LONGEST_READ])
        if not tokens:
            return []
        labels = self._tagger.tag(_features(tokens, self._lexicon))
        spans = []
        for entity, first, last in _runs(labels):
            sure = min(self._tagger.marginal(labels[at], at) for at in range(first, last + 1))
            end = tokens[last].start + len(tokens[last].text.rstrip("'’"))
            spans.append(Span(entity, tokens[first].start, end, sure))
        return spans


def fit_tagger(examples: Iterable[Example], lexicon: Lexicon, lists: Mapping[str, Sequence[str]], path: Path) -> None:
    """Fit a tagger and write it to `path`. `lists` holds, by entity, names to put in the place of those in the examples."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", params=_PARAMETERS, verbose=False)
    for example in sorted(set(examples), key=lambda one: (one.text, str(one.spans))):
        for variant, known in _variants(example, lists):
            tokens = _tokens(variant.text)
            if tokens:
                trainer.append(_features(tokens, lexicon if known else Lexicon()), _labels(tokens, variant.spans))
    trainer.train(str(path))


def _variants(example: Example, lists: Mapping[str, Sequence[str]]) -> Iterator[tuple[Example, bool]]:
    """The example as it may also be said, and whether the word lists know its names."""
    yield example, True
    if not example.spans:
        return
    choose = Random(example.text)  # noqa: S311 – names for training, the same ones each time
    yield example, False
    for number in range(_VARIANTS):
        known = number % 2 == 0
        other = _with_other_names(example, lists, choose, known)
        yield (_in_small_letters(other) if number % 4 > 1 else other), known


def _in_small_letters(example: Example) -> Example:
    lowered = example.text.lower()
    return Example(lowered, example.spans) if len(lowered) == len(example.text) else example


def _with_other_names(example: Example, lists: Mapping[str, Sequence[str]], choose: Random, known: bool) -> Example:
    text, spans, done = "", [], 0
    for span in sorted(example.spans, key=lambda one: one.start):
        text += example.text[done : span.start]
        name = _other_name(span.entity, lists, choose, known) or example.text[span.start : span.end]
        spans.append(Span(span.entity, len(text), len(text) + len(name)))
        text += name
        done = span.end
    return Example(text + example.text[done:], tuple(spans))


def _other_name(entity: str, lists: Mapping[str, Sequence[str]], choose: Random, known: bool) -> str | None:
    names = lists.get(entity)
    if not names:
        return None
    if entity not in _INVENTED:
        return choose.choice(names)
    name = choose.choice(names) if known else _invented(names, choose)
    has_surname = entity == "person_name" and " " not in name and choose.random() < _WITH_SURNAME
    return f"{name} {_invented(names, choose)}" if has_surname else name


def _invented(names: Sequence[str], choose: Random) -> str:
    """The beginning of one name and the end of another."""
    first, second = choose.choice(names), choose.choice(names)
    return first[: max(2, len(first) // 2)] + second[len(second) // 2 :]


def _tokens(text: str) -> list[_Token]:
    found = _TOKEN.finditer(text)
    return [_Token(one.group(), normalise(one.group()).strip(), one.start(), one.end()) for one in found]


def _labels(tokens: Sequence[_Token], spans: Iterable[Span]) -> list[str]:
    labels = [_OUTSIDE] * len(tokens)
    for span in spans:
        inside = [at for at, token in enumerate(tokens) if token.start < span.end and span.start < token.end]
        for place, at in enumerate(inside):
            labels[at] = f"{'I' if place else 'B'}-{span.entity}"
    return labels


def _runs(labels: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    start: int | None = None
    for at, label in enumerate([*labels, _OUTSIDE]):
        if start is not None and not (label.startswith("I-") and label[2:] == labels[start][2:]):
            yield labels[start][2:], start, at - 1
            start = None
        if start is None and label != _OUTSIDE:
            start = at


def _features(tokens: Sequence[_Token], lexicon: Lexicon) -> list[list[str]]:
    listed = _listed(tokens, lexicon)
    shapes = [_shape(token.text) for token in tokens]
    rows = []
    for at, token in enumerate(tokens):
        word = token.word
        row = ["bias", f"w={word}", f"s={shapes[at]}", f"end={word[-3:]}", f"begin={word[:3]}", *listed[at]]
        row += [f"{name}|s={shapes[at]}" for name in listed[at]]
        if at == 0:
            row.append("first")
        if at == len(tokens) - 1:
            row.append("last")
        for away in _AROUND:
            near = at + away
            if 0 <= near < len(tokens):
                row += [f"{away}w={tokens[near].word}", f"{away}s={shapes[near]}"]
                row += [f"{away}{name}" for name in listed[near]]
        if at > 0:
            row.append(f"pair={tokens[at - 1].word} {word}")
        if at > 1:
            row.append(f"before={tokens[at - 2].word} {tokens[at - 1].word}")
        rows.append(row)
    return rows


def _listed(tokens: Sequence[_Token], lexicon: Lexicon) -> list[list[str]]:
    words: list[str] = []
    owners: list[int] = []
    for at, token in enumerate(tokens):
        for word in words_of(token.text):
            words.append(word)
            owners.append(at)
    marks: list[list[str]] = [[] for _ in tokens]
    for found in lexicon.find(words):
        if found.name in TAGGED:
            first, last = owners[found.start], owners[found.end - 1]
            for at in range(first, last + 1):
                marks[at].append(f"in={found.name}{'' if at == first else '+'}")
    return [sorted(set(one)) for one in marks]


def _shape(text: str) -> str:
    if text.isdigit():
        return "0"
    if not text[0].isalpha():
        return text
    if len(text) > 1 and text.isupper():
        return "XX"
    return "Xx" if text[0].isupper() else "xx"
