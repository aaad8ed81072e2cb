"""Counting how often a prediction was right."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Score:
    """Precision, recall and F1 of one label; `support` is how often it was the right one."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Scores:
    """A label each, how many predictions were right over all, and what was taken for what."""

    labels: Mapping[str, Score]
    accuracy: float
    confusions: list[tuple[str, str, int]]


def classification(pairs: Iterable[tuple[str, str]]) -> Scores:
    """The scores of (right, predicted) labels."""
    counted = Counter(pairs)
    right = Counter({label: count for (label, guess), count in counted.items() if label == guess})
    wanted, guessed = Counter[str](), Counter[str]()
    for (label, guess), count in counted.items():
        wanted[label] += count
        guessed[guess] += count
    labels = {label: score(right[label], guessed[label], wanted[label]) for label in sorted(wanted)}
    mistaken = [(label, guess, count) for (label, guess), count in counted.items() if label != guess]
    total = sum(wanted.values())
    return Scores(labels, sum(right.values()) / total if total else 0.0, sorted(mistaken, key=lambda one: -one[2]))


def extraction(found: Iterable[tuple[set[tuple[str, int, int]], set[tuple[str, int, int]]]]) -> Mapping[str, Score]:
    """The scores by entity of (right, predicted) sets of (entity, start, end); only the exact place counts."""
    right, guessed, wanted = defaultdict[str, int](int), defaultdict[str, int](int), defaultdict[str, int](int)
    for expected, predicted in found:
        for entity, *_ in expected & predicted:
            right[entity] += 1
        for entity, *_ in predicted:
            guessed[entity] += 1
        for entity, *_ in expected:
            wanted[entity] += 1
    return {entity: score(right[entity], guessed[entity], wanted[entity]) for entity in sorted(wanted)}


def score(right: int, guessed: int, wanted: int) -> Score:
    """The score of `right` hits among `guessed` guesses, `wanted` being all there were to hit."""
    precision = right / guessed if guessed else 0.0
    recall = right / wanted if wanted else 0.0
    return Score(precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0, wanted)
