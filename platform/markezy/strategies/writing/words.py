"""The words of all layers, merged, compiled and known to be complete: what documents are composed from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from markezy.strategies.layers.findings import ERROR, Finding
from markezy.strategies.layers.layer import Layer
from markezy.strategies.writing.document import Kind
from markezy.strategies.writing.sandbox import Condition, Text, text_of

EMPTY = text_of("")


@dataclass(frozen=True)
class Placed:
    """A text or condition, where it stands, and the layer that wrote it."""

    place: str
    text: Text | Condition
    layer: Layer

    def finding(self, message: str, mend: str = "", severity: str = ERROR) -> Finding:
        return Finding(self.layer.origin, self.place, message, mend, severity, self.layer.line_of(self.place))


@dataclass(frozen=True)
class ChannelWords:
    name: Text
    task: Text
    layer: str


@dataclass(frozen=True)
class StepWords:
    name: Text
    """Empty when the step has but its sentence."""
    text: Text
    layer: str


@dataclass(frozen=True)
class KpiWords:
    name: Text
    how: Text
    layer: str


@dataclass(frozen=True)
class Line:
    """An item of a list (`texts` holds one), a row or a column of a table."""

    id: str
    texts: tuple[Text, ...]
    when: Condition | None = None


@dataclass(frozen=True)
class BlockWords:
    """A block as it is written. `columns` of a filled table are named by what is filled in."""

    id: str
    kind: Kind
    layer: str
    when: Condition | None
    text: Text = EMPTY
    lines: tuple[Line, ...] = ()
    columns: tuple[Line, ...] = ()
    numeric: tuple[int, ...] = ()
    fill: str = ""
    month: int | None = None
    figure: str = ""
    labels: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True)
class SectionWords:
    id: str
    heading: Text
    when: Condition | None
    blocks: tuple[BlockWords, ...]


@dataclass(frozen=True)
class Words:
    """Everything a document says, in one language."""

    title: Text
    subtitle: Text
    briefing_title: Text
    briefing_subtitle: Text
    terms: Mapping[str, Text]
    channels: Mapping[str, ChannelWords]
    steps: Mapping[str, StepWords]
    kpis: Mapping[str, KpiWords]
    sections: tuple[SectionWords, ...]
    briefing: tuple[SectionWords, ...]
    texts: tuple["Placed", ...]
    """Every text and condition, for those who check what texts use."""
