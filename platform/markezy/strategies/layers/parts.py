"""The parts of a layer, as their files are written: words, one file a language, and the plan's figures, in no language.

A part holds only what its layer changes, so that everything may be left out; `null` removes what a layer below has. What has to be there
once the layers are merged is said by those who read the whole: writing/words.py for words, numbers/assumptions.py for figures.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

LONGEST_TEXT = 4000
"""Characters of one text; the longest shipped one has 500."""

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT)]
Expression = Annotated[str, StringConstraints(min_length=1, max_length=500)]


def _exact(value: Any) -> Any:
    # YAML's floats as they are written: 0.02 is two hundredths and not what binary makes of them.
    return Decimal(str(value)) if isinstance(value, float) else value


Number = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, le=10**9)]
Share = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, le=1)]


def _ordered(ends: tuple[Decimal, Decimal]) -> tuple[Decimal, Decimal]:
    if ends[0] > ends[1]:
        raise ValueError("the low end comes first")
    return ends


Ends = Annotated[tuple[Number, Number], AfterValidator(_ordered)]
Shares = Annotated[tuple[Share, Share], AfterValidator(_ordered)]
_Signed = Annotated[Decimal, BeforeValidator(_exact), Field(ge=-(10**9), le=10**9)]
Target = Annotated[tuple[_Signed, _Signed], AfterValidator(_ordered)]
Tilt = dict[Id, Number | None]


class _Piece(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Item(_Piece):
    """An item of a list that is there only sometimes."""

    when: Expression | None = None
    after: str | None = None
    text: Text | None = None


class Row(_Piece):
    """A row of a table that is there only sometimes."""

    when: Expression | None = None
    after: str | None = None
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
    fill: Literal["answers", "channels", "months", "kpis", "steps", "put_off", "facts", "everything"] | None = None
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


class Fact(_Piece):
    """How an answer becomes a fact: the question, and what each of its options means."""

    question: Id | None = None
    options: dict[str, Id | Number | None] | None = None
    default: Id | Number | None = None


class Facts(_Piece):
    """The facts that figures depend on."""

    objective: Fact | None = None
    maturity: Fact | None = None
    hours: Fact | None = None
    running: Fact | None = None
    value: Fact | None = None
    budget: Fact | None = None


class Buys(_Piece):
    """What a channel that is bought by the click costs and brings."""

    cost_per_thousand: Ends | None = None
    click_rate: Shares | None = None
    result_rate: Shares | None = None


class ChannelFigures(_Piece):
    """A channel's share before tilts, and what it needs."""

    weight: Number | None = None
    minimum: Number | None = None
    runs_as: list[str] | None = None
    buys: Buys | None = None
    source: str | None = None


class Objective(_Piece):
    tilt: Tilt | None = None
    kpis: list[Id] | None = None


class Size(_Piece):
    below: Number | None = None
    tilt: Tilt | None = None


class Maturity(_Piece):
    tilt: Tilt | None = None
    effect: tuple[Share, Share, Share] | None = None


class StepFigures(_Piece):
    """When a piece of work may be done, and what it takes of the lead's own hours."""

    channel: Id | None = None
    month: Annotated[int, Field(ge=1, le=3)] | None = None
    weeks: Annotated[int, Field(ge=1, le=13)] | None = None
    hours: Number | None = None
    after: list[Id] | None = None
    needed: bool | None = None
    when: dict[Id, list[str]] | Expression | None = None


class KpiFigures(_Piece):
    """A figure to measure by: counted from the forecast, or a fixed range."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    unit: Literal["count", "percent", "money", "ratio", "change"] | None = None
    from_: Annotated[
        Literal["clicks", "results", "cost_per_result", "revenue", "reach"] | None, Field(alias="from")
    ] = None
    range: Target | None = None
    when_answered: Id | None = None
    objectives: list[Id] | None = None


class PlanPart(_Piece):
    """The figures of a layer."""

    facts: Facts | None = None
    channels: dict[Id, ChannelFigures | None] | None = None
    objectives: dict[Id, Objective | None] | None = None
    sizes: dict[Id, Size | None] | None = None
    maturities: dict[Id, Maturity | None] | None = None
    running_tilt: Number | None = None
    steps: dict[Id, StepFigures | None] | None = None
    kpis: dict[Id, KpiFigures | None] | None = None
