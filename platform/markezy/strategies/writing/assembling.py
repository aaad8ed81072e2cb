"""From layers to words: merged, read, compiled, and held against what a document needs."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from markezy.strategies.layers.findings import Finding, NotALayer
from markezy.strategies.layers.layer import Layer
from markezy.strategies.layers.merging import Merged, Place, circling, in_order, merge, misplaced
from markezy.strategies.writing.document import Kind
from markezy.strategies.writing.grammar import NoText
from markezy.strategies.writing.sandbox import Condition, Text, condition_of, text_of
from markezy.strategies.writing.words import (
    EMPTY,
    BlockWords,
    ChannelWords,
    KpiWords,
    Line,
    Placed,
    SectionWords,
    StepWords,
    Words,
)

FIELDS = {
    "answers": ("question", "answer"),
    "everything": ("question", "answer"),
    "facts": ("fact", "question", "answer"),
    "reasons": ("question", "answer", "points"),
    "channels": ("name", "task", "share", "amount"),
    "months": ("month", "spend", "ads", "views", "clicks", "results", "cost"),
    "kpis": ("name", "target", "how"),
    "steps": ("days", "name", "text", "channel", "hours"),
    "put_off": ("name", "text", "channel", "hours"),
}
"""What can be filled into a table, by column."""
LISTS = ("steps", "put_off")
"""What can be filled into a list."""
FOR_STAFF = ("reasons",)
"""What can be filled in where staff read only."""
_TEXTS = {Kind.LEAD, Kind.PARAGRAPH, Kind.QUOTE, Kind.NOTE, Kind.HEADING}
_Worded = TypeVar("_Worded")


@lru_cache(maxsize=64)
def words_of(layers: tuple[Layer, ...]) -> Words:
    """The words of these layers, the first at the bottom. NotALayer when they do not make a whole."""
    reading = _Reading(merge(layers))
    words = reading.words()
    if reading.findings:
        raise NotALayer(*reading.findings)
    return words


class _Reading:
    """Reads merged data, and notes what is missing or wrong in `findings`."""

    def __init__(self, merged: Merged) -> None:
        self._merged = merged
        self.findings: list[Finding] = []
        self._texts: list[Placed] = []

    def words(self) -> Words:
        data = self._merged.data
        title, subtitle, staff_title, staff_subtitle = (
            self._text((key,), data.get(key), needed=key != "briefing_subtitle")
            for key in ("title", "subtitle", "briefing_title", "briefing_subtitle")
        )
        return Words(
            title, subtitle, staff_title, staff_subtitle,
            terms=self._each("terms", self._text),
            channels=self._each("channels", self._channel),
            steps=self._each("steps", self._step),
            kpis=self._each("kpis", self._kpi),
            sections=self._sections("sections"),
            briefing=self._sections("briefing"),
            texts=tuple(self._texts),
        )  # fmt: skip

    def _find(self, place: Place, message: str, mend: str = "") -> None:
        owner = self._merged.owner(place)
        at = "/".join(place)
        self.findings.append(owner.finding(at, message, mend) if owner else Finding("base", at, message, mend))

    def _place(self, place: Place, text: Text | Condition) -> None:
        owner = self._merged.owner(place)
        if owner is not None:
            self._texts.append(Placed("/".join(place), text, owner))

    def _layer(self, place: Place) -> str:
        owner = self._merged.owner(place)
        return owner.name if owner else ""

    def _text(self, place: Place, source: Any, *, needed: bool = True) -> Text:
        if not source:
            if needed:
                self._find(place, "There is no text here.", "Write one, or remove what it belongs to with null.")
            return EMPTY
        try:
            text = text_of(source)
        except NoText as error:
            self._find(place, str(error), "docs/strategies.md says what a text can do.")
            return EMPTY
        self._place(place, text)
        return text

    def _condition(self, place: Place, entry: Any) -> Condition | None:
        source = entry.get("when") if isinstance(entry, Mapping) else None
        if source is None:
            return None
        try:
            condition = condition_of(source)
        except NoText as error:
            self._find((*place, "when"), str(error), "Write an expression, like said('city').")
            return None
        self._place((*place, "when"), condition)
        return condition

    def _each(self, part: str, read: Callable[[Place, Any], _Worded]) -> dict[str, _Worded]:
        return {id_: read((part, id_), entry) for id_, entry in self._merged.data.get(part, {}).items()}

    def _channel(self, place: Place, entry: Mapping[str, Any]) -> ChannelWords:
        name, task = (self._text((*place, key), entry.get(key)) for key in ("name", "task"))
        return ChannelWords(name, task, self._layer(place))

    def _step(self, place: Place, entry: Any) -> StepWords:
        if isinstance(entry, Mapping):
            name, text = (self._text((*place, key), entry.get(key)) for key in ("name", "text"))
            return StepWords(name, text, self._layer(place))
        return StepWords(EMPTY, self._text(place, entry), self._layer(place))

    def _kpi(self, place: Place, entry: Mapping[str, Any]) -> KpiWords:
        name, how = (self._text((*place, key), entry.get(key)) for key in ("name", "how"))
        return KpiWords(name, how, self._layer(place))

    def _sections(self, part: str) -> tuple[SectionWords, ...]:
        entries = self._merged.data.get(part, {})
        return tuple(self._section((part, id_), entries[id_]) for id_ in self._in_order((part,), entries))

    def _section(self, place: Place, entry: Mapping[str, Any]) -> SectionWords:
        blocks = entry.get("blocks", {})
        return SectionWords(
            id=place[-1],
            heading=self._text((*place, "heading"), entry.get("heading")),
            when=self._condition(place, entry),
            blocks=tuple(
                self._block((*place, "blocks", id_), blocks[id_]) for id_ in self._in_order((*place, "blocks"), blocks)
            ),
        )

    def _block(self, place: Place, entry: Mapping[str, Any]) -> BlockWords:
        kind = Kind(entry.get("kind", Kind.PARAGRAPH))
        fill, figure = entry.get("fill", ""), entry.get("figure", "")
        filled = bool(fill) and kind in {Kind.TABLE, Kind.LIST, Kind.STEPS}
        if fill and not (kind is Kind.TABLE or (filled and fill in LISTS)):
            self._find(
                (*place, "fill"), f"A {kind} can't be filled with {fill}.", "Choose another kind, or another filling."
            )
        if fill in FOR_STAFF and place[0] != "briefing":
            self._find((*place, "fill"), f"{fill} is for staff.", "Use it in the briefing, not in what the lead reads.")
        if (kind is Kind.FIGURE) != bool(figure):
            self._find(
                place, "A figure has a `figure`, and nothing else has.", "Write both `kind: figure` and `figure`."
            )
        columns = self._columns(place, entry.get("columns"), fill, needed=kind is Kind.TABLE)
        lines: tuple[Line, ...] = ()
        if kind is Kind.TABLE and not filled:
            lines = self._rows(place, entry.get("rows"), len(columns))
        elif kind in {Kind.LIST, Kind.STEPS} and not filled:
            lines = self._items(place, entry.get("items"))
        return BlockWords(
            id=place[-1],
            kind=kind,
            layer=self._layer(place),
            when=self._condition(place, entry),
            text=self._text((*place, "text"), entry.get("text")) if kind in _TEXTS else EMPTY,
            lines=lines,
            columns=columns,
            numeric=tuple(entry.get("numeric", ())),
            fill=fill if filled else "",
            month=entry.get("month"),
            figure=figure,
            labels={id_: self._text((*place, "labels", id_), text) for id_, text in entry.get("labels", {}).items()},
        )

    def _columns(self, place: Place, columns: Any, fill: str, *, needed: bool) -> tuple[Line, ...]:
        place = (*place, "columns")
        if columns is None:
            if needed:
                self._find(place, "A table needs columns.", "Write `columns`.")
            return ()
        if isinstance(columns, list):
            if fill:
                self._find(
                    place,
                    "A filled table names its columns.",
                    f"Write a heading for each of {', '.join(FIELDS[fill])}.",
                )
                return ()
            return tuple(Line("", (self._text((*place, str(at)), each),)) for at, each in enumerate(columns))
        if fill and (strange := [id_ for id_ in columns if id_ not in FIELDS[fill]]):
            self._find(
                (*place, strange[0]), "There is nothing to fill in here.", f"There is {', '.join(FIELDS[fill])}."
            )
        return tuple(self._line((*place, id_), columns[id_]) for id_ in self._in_order(place, columns))

    def _items(self, place: Place, items: Any) -> tuple[Line, ...]:
        if not items:
            self._find((*place, "items"), "A list needs items.", "Write `items`, each under a name of its own.")
            return ()
        place, staying = (*place, "items"), _without_stand_ins(items)
        return tuple(self._line((*place, id_), staying[id_]) for id_ in self._in_order(place, staying))

    def _line(self, place: Place, entry: Any) -> Line:
        within = isinstance(entry, Mapping)
        text = self._text((*place, "text") if within else place, entry.get("text") if within else entry)
        return Line(place[-1], (text,), self._condition(place, entry))

    def _rows(self, place: Place, rows: Any, width: int) -> tuple[Line, ...]:
        place = (*place, "rows")
        if not rows:
            self._find(place, "A table needs rows.", "Write `rows`, each under a name of its own.")
            return ()
        staying = _without_stand_ins(rows)
        return tuple(self._row((*place, id_), staying[id_], width) for id_ in self._in_order(place, staying))

    def _row(self, place: Place, entry: Any, width: int) -> Line:
        within = isinstance(entry, Mapping)
        cells: Sequence[str] = (entry.get("cells") or ()) if within else entry
        at = (*place, "cells") if within else place
        if len(cells) != width:
            self._find(at, f"The row has {len(cells)} cells, the table {width} columns.", "Write one cell a column.")
        texts = tuple(self._text((*at, str(number)), cell, needed=False) for number, cell in enumerate(cells))
        return Line(place[-1], texts, self._condition(place, entry))

    def _in_order(self, place: Place, entries: Mapping[str, Any]) -> list[str]:
        for key in misplaced(entries):
            if (*place, entries[key]["after"]) not in self._merged.written:  # else a layer above has removed it
                self._find(
                    (*place, key, "after"),
                    "It stands after what is not there.",
                    'Name a sibling, or "" for the first place.',
                )
        for key in circling(entries):
            self._find(
                (*place, key, "after"), "It stands after itself, by way of others.", "Take one `after` of these out."
            )
        return in_order(entries)


def _without_stand_ins(entries: Mapping[str, Any]) -> Mapping[str, Any]:
    """The entries without those that give way to others, if there are any others."""
    own = {id_: entry for id_, entry in entries.items() if not (isinstance(entry, Mapping) and entry.get("stand_in"))}
    return own or entries
