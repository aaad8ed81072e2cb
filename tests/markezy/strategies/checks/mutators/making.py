"""What a mutator is: it takes a document without a defect and says which finding must follow, and where.

It works on any document: it looks for a place by what stands there, and has nothing to do where there is none (`None`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from markezy.strategies.writing.document import Document, Kind

from tests.markezy.strategies.checks.documents import Written
from tests.markezy.strategies.checks.mutators.editing import blocks, with_block


class Draw:
    """Choices, made by hypothesis."""

    def __init__(self, data: Any) -> None:
        self._data = data

    def of(self, choices: Sequence[Any]) -> Any:
        return self._data.draw(st.sampled_from(choices))


@dataclass(frozen=True)
class Defect:
    """A document with a defect. One of the `codes` must be found by `check` at the place."""

    document: Document
    place: str
    check: str
    codes: tuple[str, ...]


Mutator = Callable[[Written, Draw], Defect | None]
MUTATORS: dict[str, Mutator] = {}


def mutator(function: Mutator) -> Mutator:
    MUTATORS[function.__name__] = function
    return function


PROSE = (Kind.LEAD, Kind.PARAGRAPH, Kind.NOTE)


def added(written: Written, draw: Draw, sentence: str, check: str, *codes: str, inside: Sequence[str] = ()) -> Defect:
    """A sentence more in one of the paragraphs."""
    block = draw.of(blocks(written.document, *PROSE, inside=inside))
    document = with_block(written.document, block, text=f"{block.text} {sentence}")
    return Defect(document, block.id, check, codes)
