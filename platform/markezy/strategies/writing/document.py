"""A strategy as sections of blocks: what the checks read, what is rendered, and what knows where each paragraph came from."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a block is. Texts are inline HTML: escaped, with `<b>`, `<i>` and `<br>` at most."""

    LEAD = "lead"
    """An opening paragraph, set larger."""
    PARAGRAPH = "paragraph"
    QUOTE = "quote"
    NOTE = "note"
    """Small print."""
    HEADING = "heading"
    """A heading within a section."""
    LIST = "list"
    STEPS = "steps"
    """A numbered list."""
    TABLE = "table"
    FIGURE = "figure"
    """A chart, drawn from `data`."""


@dataclass(frozen=True)
class Origin:
    """Where a block came from: the layer whose words it has, the questions whose answers are in it or decided on it, and whether it rests
    on the figures of the plan.

    `layer` is the name of a layer (`base`, `sector`, `agency` or `agency-sector`), or `model` when a language model wrote the words.
    """

    layer: str
    answers: tuple[str, ...] = ()
    figures: bool = False


@dataclass(frozen=True)
class Block:
    """One paragraph, list, table or chart. `id` is `<section>.<block>`, unique in the document and stable over versions."""

    id: str
    kind: Kind
    origin: Origin
    text: str = ""
    items: tuple[str, ...] = ()
    """Of a list."""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    """Of a table; every row has as many cells as there are columns."""
    numeric: tuple[int, ...] = ()
    """Places of the columns set to the right."""
    totals: bool = False
    """Whether the last row of the table adds up the ones above it."""
    figure: str = ""
    """Which chart: `budget_split`, `calendar` or `forecast`."""
    data: dict[str, Any] | None = None
    """What the chart shows, as JSON; its shapes are described in docs/strategies.md."""


@dataclass(frozen=True)
class Section:
    """A part of the document with a heading of its own."""

    id: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A whole document, in one language, without cover and page frame."""

    title: str
    subtitle: str
    locale: str
    sections: tuple[Section, ...]
