"""What words mean, whichever of the languages they are in.

"How much", "combien" and "cuánto" are one meaning: what is learned about it in one language holds in the others, and a
sentence of new words in a known order is understood by the order of their meanings.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise, product

from bot.nlu.lexicon import Found, Lexicon

PREFIX = "means_"
"""Word lists of this name are meanings, each with its words in every language."""

_EDGE = ("^",)
_MOST_OF_A_WORD = 2
"""Meanings of one word that are paired: "que" has many, and each doubles the pairs."""
_MOST_TOGETHER = 12
"""Meanings of a message of which all pairs are made: a long one has enough of them."""


def is_meaning(name: str) -> bool:
    """Whether a word list is one of the meanings."""
    return name.startswith(PREFIX)


def without_meanings(lexicon: Lexicon) -> Lexicon:
    """The lists that are about words of their own language."""
    return lexicon.only(name for name in lexicon.names() if not is_meaning(name))


def meaning_features(found: Iterable[Found]) -> Iterator[str]:
    """The meanings in a message, which of them follow each other, and which stand in it together; words without a meaning
    are passed over."""
    meant = list(_in_order(found))
    for names in meant:
        yield from names
    for before, after in pairwise((_EDGE, *meant, _EDGE)):
        for first, second in product(before[:_MOST_OF_A_WORD], after[:_MOST_OF_A_WORD]):
            yield f"{first} {second}"
    together = sorted({name for names in meant for name in names[:_MOST_OF_A_WORD]})
    for first, second in combinations(together[:_MOST_TOGETHER], 2):
        yield f"{first}&{second}"


def _in_order(found: Iterable[Found]) -> Iterator[tuple[str, ...]]:
    """The meanings from left to right, the longest ones at each place."""
    starting: dict[int, list[Found]] = {}
    for one in found:
        if is_meaning(one.name):
            starting.setdefault(one.start, []).append(one)
    reached = 0
    for start in sorted(starting):
        if start >= reached:
            reached = max(one.end for one in starting[start])
            yield tuple(sorted(one.name for one in starting[start] if one.end == reached))
