"""Texts in one typeface: measured, cut to a room, and written into charts. Sizes are nominal (`fonts`)."""

from dataclasses import dataclass
from html import escape

from markezy.strategies.rendering import fonts
from markezy.strategies.rendering.palette import INK
from markezy.strategies.rendering.svg import number
from markezy.strategies.typefaces import Typeface

_ELLIPSIS = "…"


@dataclass(frozen=True)
class Lettering:
    """What writes in a typeface."""

    typeface: Typeface

    def words(
        self, x: float, y: float, text: str, size: float, fill: str = INK, bold: bool = False, anchor: str = "start"
    ) -> str:
        """One line of text."""
        weight = ' font-weight="bold"' if bold else ""
        place = f' text-anchor="{anchor}"' if anchor != "start" else ""
        drawn = number(size * self.typeface.scale)
        return f'<text x="{number(x)}" y="{number(y)}" font-size="{drawn}" fill="{fill}"{weight}{place}>{escape(text)}</text>'

    def legible(self, text: str) -> str:
        """The text in letters there are."""
        return fonts.legible(text, self.typeface)

    def width(self, text: str, size: float, bold: bool = False) -> float:
        """How wide a line is."""
        return fonts.width(text, size, self.typeface, bold)

    def fitted(self, text: str, size: float, room: float, bold: bool = False) -> str:
        """The text, cut to the room if it must be."""
        if self.width(text, size, bold) <= room:
            return text
        while text and self.width(text.rstrip() + _ELLIPSIS, size, bold) > room:
            text = text[:-1]
        return text.rstrip(" ,;:–-") + _ELLIPSIS

    def lines(self, text: str, size: float, room: float, most: int) -> list[str]:
        """The text on at most so many lines; the last one is cut if it must be."""
        done: list[str] = []
        left = text.split(" ")
        while left and len(done) < most - 1:
            taken = 1
            while taken < len(left) and self.width(" ".join(left[: taken + 1]), size) <= room:
                taken += 1
            done.append(self.fitted(" ".join(left[:taken]), size, room))
            left = left[taken:]
        return [*done, self.fitted(" ".join(left), size, room)] if left else done
