"""A figure's data (docs/strategies.md) as SVG: the same picture for paper and screen, wide or, for phones, narrow.

Colours come from the agency's; what they tell is written beside them too, so that a chart says as much in grey and read aloud.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markezy.kernel.contrast import ink_on
from markezy.strategies.formats import Formats
from markezy.strategies.rendering import svg
from markezy.strategies.rendering.fonts import legible, width
from markezy.strategies.rendering.inline import plain
from markezy.strategies.rendering.palette import INK, LINE, QUIET, REST, Palette
from markezy.strategies.rendering.wording import Frame, frame_words
from markezy.strategies.writing.document import Block

_SHADED = 6
"""So many parts of a ring get a shade of their own; more could not be told apart."""
_LABELLED = 7
"""Per cent of a ring that have room for their label."""
_WEEKS = 13
_NAME_GAP = 10.0


@dataclass(frozen=True)
class Canvas:
    """What a chart is drawn with. `size` is that of its text."""

    palette: Palette
    locale: str
    width: float
    size: float
    narrow: bool

    @property
    def said(self) -> Frame:
        return frame_words(self.locale)


def wide(palette: Palette, locale: str) -> Canvas:
    """For paper and desktops."""
    return Canvas(palette, locale, 470, 8, narrow=False)


def narrow(palette: Palette, locale: str) -> Canvas:
    """For phones."""
    return Canvas(palette, locale, 340, 10, narrow=True)


def draw(block: Block, canvas: Canvas) -> str:
    """The chart; "" when there is nothing to show."""
    data = _readable(block.data or {})
    drawn = _FIGURES[block.figure](data, canvas) if block.figure in _FIGURES else None
    if drawn is None:
        return ""
    name = f"c-{block.id.replace('.', '-')}{'-narrow' if canvas.narrow else ''}"
    title = plain(block.text) or getattr(canvas.said, block.figure)
    height, body = drawn
    return svg.picture(name, canvas.width, height, title, described(block, canvas.locale), body)


def described(block: Block, locale: str) -> str:
    """The chart in words."""
    said, data = frame_words(locale), _readable(block.data or {})

    def listed(name: str, value: str) -> str:
        return said.listed.format(name=name, value=value)

    parts: list[str] = []
    if block.figure == "budget_split":
        parts = [
            listed(one["name"], ", ".join(filter(None, (one["share"], one.get("amount", "")))))
            for one in data.get("parts", [])
        ]
    elif block.figure == "calendar":
        parts = [listed(one["name"], f"{_weeks(one, said)} {span(one, said)}") for one in data.get("bars", [])]
    elif block.figure == "forecast":
        parts = [listed(one["name"], f"{one['text']} {data['unit']}") for one in data.get("months", [])]
        if parts and data.get("total"):
            parts.append(listed(said.total, f"{data['total']} {data['unit']}"))
    return "; ".join(parts) + "." if parts else ""


def _weeks(bar: dict[str, Any], said: Frame) -> str:
    return said.week if bar["first"] == bar["last"] else said.weeks


def span(bar: dict[str, Any], said: Frame) -> str:
    """The weeks of a bar in words."""
    pattern = said.week_one if bar["first"] == bar["last"] else said.week_span
    return pattern.format(first=bar["first"], last=bar["last"])


def _budget_split(data: dict[str, Any], canvas: Canvas) -> tuple[float, list[str]] | None:
    parts = [part for part in data.get("parts", []) if part["percent"] > 0]
    if not parts:
        return None
    size, row = canvas.size, canvas.size * 1.9
    outer = 76.0
    legend_x = 0.0 if canvas.narrow else 2 * outer + 34
    legend_top = 2 * outer + 18 if canvas.narrow else 0.0
    legend = row * len(parts)
    height = legend_top + legend if canvas.narrow else max(2 * outer + 4, legend)
    centre_x = canvas.width / 2 if canvas.narrow else outer + 2
    centre_y = outer + 2 if canvas.narrow else height / 2
    fills = _fills(len(parts), canvas.palette)
    total = sum(part["percent"] for part in parts)
    body: list[str] = []
    labels: list[str] = []
    start = 0.0
    for part, fill in zip(parts, fills, strict=True):
        end = start + part["percent"] / total
        body.append(svg.ring(centre_x, centre_y, outer, outer * 0.6, start, end, fill))
        if part["percent"] >= _LABELLED:
            x, y = svg.on_circle(centre_x, centre_y, outer * 0.8, (start + end) / 2)
            labels.append(svg.words(x, y + 2.5, part["share"], 7, ink_on(fill), bold=True, anchor="middle"))
        start = end
    body += labels
    centre = svg.fitted(data.get("center", ""), 13, outer * 1.1, bold=True)
    caption = svg.fitted(data.get("caption", ""), 7.5, outer * 1.05)
    body.append(svg.words(centre_x, centre_y + (1 if caption else 5), centre, 13, bold=True, anchor="middle"))
    if caption:
        body.append(svg.words(centre_x, centre_y + 13, caption, 7.5, QUIET, anchor="middle"))
    amounts = any(part.get("amount") for part in parts)
    share_x = canvas.width - (size * 8.2 if amounts else 0)
    top = legend_top + (0 if canvas.narrow else (height - legend) / 2)
    for place, (part, fill) in enumerate(zip(parts, fills, strict=True)):
        base = top + place * row + row * 0.66
        if place:
            body.append(svg.line(legend_x, top + place * row, canvas.width, top + place * row, LINE))
        body.append(svg.box(legend_x, base - size * 0.82, size, size, fill, 1.5))
        name = svg.fitted(part["name"], size, share_x - legend_x - size * 6)
        body.append(svg.words(legend_x + size * 1.8, base, name, size))
        body.append(svg.words(share_x, base, part["share"], size, QUIET if amounts else INK, anchor="end"))
        if amounts:
            body.append(svg.words(canvas.width, base, part.get("amount", ""), size, bold=True, anchor="end"))
    return height, body


def _calendar(data: dict[str, Any], canvas: Canvas) -> tuple[float, list[str]] | None:
    bars, weeks = data.get("bars", []), data.get("weeks", [])
    if not bars or not weeks:
        return None
    size, narrow_ = canvas.size, canvas.narrow
    left = 0.0 if narrow_ else canvas.width * 0.36
    column = (canvas.width - left) / _WEEKS
    months_height, weeks_height = size * 2.1, size * 1.9
    top = months_height + weeks_height
    body: list[str] = []
    fill = canvas.palette.text
    for month in data.get("months", []):
        x, room = left + (month["first"] - 1) * column, (month["last"] - month["first"] + 1) * column
        body.append(svg.box(x, 0, room - 1, months_height - 2, fill, 2))
        name = svg.fitted(month["name"], size * 0.92, room - 10, bold=True)
        body.append(svg.words(x + 5, months_height * 0.62, name, size * 0.92, ink_on(fill), bold=True))
    for week in weeks:
        if narrow_ or (week["number"] - 1) % 2 == 0:
            shown = str(week["number"]) if narrow_ else week["first"]
            x = left + (week["number"] - (0.5 if narrow_ else 1)) * column
            anchor = "middle" if narrow_ else "start"
            body.append(svg.words(x, months_height + weeks_height * 0.6, shown, size * 0.78, QUIET, anchor=anchor))
    rows = [_row(bar, canvas, left) for bar in bars]
    height = top + sum(room for _, _, room in rows)
    for place in range(_WEEKS + 1):
        heavy = any(place == month["first"] - 1 for month in data.get("months", [])) or place == _WEEKS
        body.append(svg.line(left + place * column, top, left + place * column, height, LINE, 0.8 if heavy else 0.3))
    y = top
    for bar, (labels, detail, room) in zip(bars, rows, strict=True):
        body.append(svg.line(0, y, canvas.width, y, LINE))
        base = y + size * 1.45
        for text in labels:
            body.append(svg.words(0, base, text, size * 0.94))
            base += size * 1.2
        if detail:
            body.append(svg.words(0, base - size * 0.15, detail, size * 0.78, QUIET))
        x, length = left + (bar["first"] - 1) * column, (bar["last"] - bar["first"] + 1) * column
        bar_y = y + room - size * 1.35 if narrow_ else y + (room - size) / 2
        fill = canvas.palette.accent if bar.get("channel") else canvas.palette.shades(3)[2]
        body.append(svg.box(x + 1, bar_y, length - 2, size, fill, 2.5))
        y += room
    body.append(svg.line(0, height, canvas.width, height, LINE))
    return height + 1, body


def _row(bar: dict[str, Any], canvas: Canvas, left: float) -> tuple[list[str], str, float]:
    """The lines of a bar's label, its channel, and the height of both."""
    size = canvas.size
    room = canvas.width if canvas.narrow else left - 10
    labels = svg.lines(bar["name"], size * 0.94, room, 2)
    detail = svg.fitted(bar.get("channel", ""), size * 0.78, room)
    text = size * (0.9 + 1.2 * len(labels) + (1.05 if detail else 0))
    return labels, detail, text + (size * 1.5 if canvas.narrow else 0)


def _forecast(data: dict[str, Any], canvas: Canvas) -> tuple[float, list[str]] | None:
    months = data.get("months", [])
    if not months:
        return None
    size, formats = canvas.size, Formats(canvas.locale)
    scale, ticks = _scale(max(month["high"] for month in months))
    named = max(width(month["name"], size) for month in months) + _NAME_GAP
    left = min(max(named, canvas.width * 0.16), canvas.width * 0.36)
    right = canvas.width - size * (9 if canvas.narrow else 10)
    row, top = size * 3, size * 2.2
    height = top + row * len(months)
    body = [
        svg.words(
            left, size * 0.9, svg.fitted(data["unit"], size, canvas.width - left, bold=True), size, QUIET, bold=True
        )
    ]
    for tick in ticks:
        x = left + (right - left) * tick / scale
        body.append(svg.line(x, top, x, height, LINE))
        body.append(
            svg.words(x, height + size * 1.3, legible(formats.number(tick)), size * 0.82, QUIET, anchor="middle")
        )
    for place, month in enumerate(months):
        y = top + place * row
        low, high = (left + (right - left) * month[end] / scale for end in ("low", "high"))
        body.append(svg.words(0, y + row * 0.6, svg.fitted(month["name"], size, left - 6), size))
        body.append(svg.box(left, y + row * 0.46, max(low - left, 0), row * 0.08, REST))
        body.append(svg.box(low, y + row * 0.26, max(high - low, 2), row * 0.48, canvas.palette.accent, 3))
        body.append(
            svg.words(
                canvas.width,
                y + row * 0.6,
                svg.fitted(month["text"], size, canvas.width - right - 6, bold=True),
                size,
                bold=True,
                anchor="end",
            )
        )
    height += size * 2
    if data.get("total"):
        body.append(svg.line(0, height, canvas.width, height, LINE))
        base = height + size * 1.6
        total = f"{data['total']} {data['unit']}"
        body.append(svg.words(0, base, canvas.said.total, size, bold=True))
        body.append(
            svg.words(
                canvas.width,
                base,
                svg.fitted(total, size, canvas.width * 0.7, bold=True),
                size,
                canvas.palette.text,
                bold=True,
                anchor="end",
            )
        )
        height = base + size * 0.8
    return height, body


def _scale(highest: float) -> tuple[float, list[float]]:
    """The end of an axis and its marks: four to six round numbers."""
    step = 1.0
    factors = (2, 2.5, 2)
    place = 0
    while highest / step > 5:
        step *= factors[place % 3]
        place += 1
    number = max(int(-(-highest // step)), 1)
    return step * number, [step * mark for mark in range(number + 1)]


def _fills(number: int, palette: Palette) -> list[str]:
    shaded = min(number, _SHADED)
    return [*palette.shades(shaded), *([REST] * (number - shaded))]


def _readable(data: Any) -> Any:
    """The data with texts as they will be drawn: without tags, in letters the typeface has."""
    if isinstance(data, dict):
        return {key: _readable(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_readable(value) for value in data]
    return legible(plain(data)) if isinstance(data, str) else data


_FIGURES: dict[str, Callable[[dict[str, Any], Canvas], tuple[float, list[str]] | None]] = {
    "budget_split": _budget_split,
    "calendar": _calendar,
    "forecast": _forecast,
}
