"""The words of a layer, as its files are written; the shape of the figures is in numbers/assumptions.py.

A file holds only what its layer changes, so that everything may be left out; `null` removes what a layer below has. What has to be there
once the layers are merged is said by writing/assembling.py.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

LONGEST_TEXT = 4000
"""Characters of one text; the longest shipped one has 500."""

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT)]
Expression = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class _Piece(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Item(_Piece):
    """An item of a list that is there only sometimes: when something holds, or as long as no layer above has items of its own."""

    when: Expression | None = None
    after: str | None = None
    stand_in: bool | None = None
    text: Text | None = None


class Row(_Piece):
    """A row of a table that is there only sometimes, like an item."""

    when: Expression | None = None
    after: str | None = None
    stand_in: bool | None = None
    cells: list[str] | None = None


class Block(_Piece):
    """A paragraph, list, table or chart of a section."""

    kind: Literal["lead", "paragraph", "quote", "note", "heading", "list", "steps", "table", "figure"] | None = None
    when: Expression | None = None
    after: str | None = None
    text: Text | None = None
    items: dict[Id, Text | Item | None] | None = None
    columns: list[Text] | dict[Id, Text | Item | None] | None = None
    rows: dict[Id, list[str] | Row | None] | None = None
    numeric: list[int] | None = None
    fill: (
        Literal["answers", "channels", "months", "kpis", "steps", "put_off", "facts", "reasons", "everything"] | None
    ) = None
    month: Annotated[int, Field(ge=1, le=3)] | None = None
    figure: Literal["budget_split", "calendar", "forecast"] | None = None
    labels: dict[Id, Text | None] | None = None


class Section(_Piece):
    """A part of the document with a heading of its own."""

    heading: Text | None = None
    when: Expression | None = None
    after: str | None = None
    blocks: dict[Id, Block | None] | None = None


class Channel(_Piece):
    """What a channel is called, and what it is for in this business."""

    name: Text | None = None
    task: Text | None = None


class Step(_Piece):
    """A piece of work: a name short enough for the calendar's bars, and the sentence."""

    name: Annotated[str, StringConstraints(max_length=60)] | None = None
    text: Text | None = None


class Kpi(_Piece):
    """What a figure is called, and where it comes from."""

    name: Text | None = None
    how: Text | None = None


class WordsPart(_Piece):
    """The words of a layer in one language."""

    title: Text | None = None
    subtitle: Text | None = None
    briefing_title: Text | None = None
    briefing_subtitle: Text | None = None
    terms: dict[Id, Text | None] | None = None
    channels: dict[Id, Channel | None] | None = None
    steps: dict[Id, Text | Step | None] | None = None
    kpis: dict[Id, Kpi | None] | None = None
    sections: dict[Id, Section | None] | None = None
    briefing: dict[Id, Section | None] | None = None
