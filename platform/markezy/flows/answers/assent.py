"""What a few words say: yes, no, or yes with a doubt."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from markezy.flows.answers.cleaning import clean, plain
from markezy.flows.answers.vocabulary import known
from markezy.flows.wording import words

_SIGNS = str.maketrans(
    {"👍": " yes ", "👌": " yes ", "✅": " yes ", "✔": " yes ", "👎": " no ", "❌": " no ", "🚫": " no "}
)
_DRAWN_OUT = re.compile(r"(.)\1+\Z")
_CONTRACTED = re.compile(r"(?:do|does|did|have|has|is|are|was|ca|wo|would|could|should)nt")
_CLAUSE_END = re.compile(r"[,.!;:–—\n]+")
YES, NO, GUESS, NEITHER = "yes", "no", "guess", ""
_LONGEST = 300


def what_it_says(text: str) -> str:
    """What all the words together say: nothing but one answer, politeness aside."""
    if len(text) > _LONGEST:
        return NEITHER
    rest = _in_words(text)
    said: set[str] = set()
    while rest:
        answer, length = _opening(rest)
        if not length:
            if rest[0] not in known("beside_yes_or_no"):
                return NEITHER
            length = 1
        else:
            said.add(answer)
        rest = rest[length:]
    if said == {YES, GUESS}:
        return GUESS
    return said.pop() if len(said) == 1 else NEITHER


def how_it_begins(text: str) -> bool | None:
    """What the first words say, unless others say the opposite: "yes, we have", "non on n'en a pas", "no, but soon"."""
    clauses = list(filter(None, map(str.strip, _CLAUSE_END.split(clean(text)[:_LONGEST]))))
    said = [what_it_says(clause) for clause in clauses]
    first = said[0] if said else NEITHER
    if first == NEITHER and clauses:
        first = _opens_with(clauses[0])
    if first == NEITHER or {YES, NO} <= {first, *said}:
        return None
    return first != NO


def _opens_with(clause: str) -> str:
    """The plain yes or no that a clause goes on behind, when it isn't taken back there."""
    said = _in_words(clause)
    while said and said[0] in known("beside_yes_or_no"):
        said = said[1:]
    answer = _plainest().get(said[0], NEITHER) if said else NEITHER
    if answer == NEITHER or len(said) < 2 or said[1] not in known("after_yes_or_no"):
        return NEITHER
    if said[0] == "si" and "sí" not in clause.casefold() and said[1] not in known("behind_si"):
        return NEITHER
    return NEITHER if any(_plainest().get(word, answer) != answer for word in said[1:]) else answer


def _in_words(text: str) -> list[str]:
    said = plain(clean(text).translate(_SIGNS)).split()
    return [part for word in said for part in ([word[:-1], "t"] if _CONTRACTED.fullmatch(word) else [word])]


def _opening(said: Sequence[str]) -> tuple[str, int]:
    """The answer that the first words are, and how many; the longest counts: "of course not"."""
    ways, longest = _ways()
    for length in range(min(longest, len(said)), 0, -1):
        answer = ways.get(tuple(said[:length]))
        if answer is not None:
            return answer, length
    drawn_out = _DRAWN_OUT.sub(r"\1", said[0])
    return (ways.get((drawn_out,), NEITHER), 1) if (drawn_out,) in ways else (NEITHER, 0)


@cache
def _ways() -> tuple[Mapping[tuple[str, ...], str], int]:
    kinds = {"yes": YES, "assents": YES, "no": NO, "refusals": NO, "guesses": GUESS}
    ways = {tuple(way.split()): answer for kind, answer in kinds.items() for way in words(kind)}
    return ways, max(map(len, ways))


@cache
def _plainest() -> Mapping[str, str]:
    """The single words that begin an answer, whatever follows."""
    return {**dict.fromkeys(known("plain_yes"), YES), **dict.fromkeys(known("plain_no"), NO)}
