"""What xhtml2pdf has no words for, said to it as tags of our own: where a page ends, which rows stay together, how a list is marked.

`<pdf:room height="120">` goes on on the next page when less than so many points are left; `<tr class="tied">` is never parted from the
row above it; `<li>` has its mark in the text's own face, where the library takes one that is not embedded. The library finds a tag's
class by name among its parser's own; that is where ours are put.
"""

from typing import Any

from reportlab.lib.fonts import tt2ps  # type: ignore[import-untyped]
from reportlab.platypus import CondPageBreak  # type: ignore[import-untyped]
from xhtml2pdf import parser
from xhtml2pdf.tables import pisaTagTR
from xhtml2pdf.tags import pisaTag, pisaTagLI

TIED = "tied"
_MARKS = ("disc", "circle", "square")


class _Room(pisaTag):  # type: ignore[misc]
    def start(self, c: Any) -> None:
        c.addPara()
        c.addStory(CondPageBreak(float(self.node.getAttribute("height"))))


class _Row(pisaTagTR):  # type: ignore[misc]
    def start(self, c: Any) -> None:
        row = c.tableData.row
        if row and TIED in self.node.getAttribute("class").split():
            c.tableData.add_style(("NOSPLIT", (0, row - 1), (-1, row)))
        super().start(c)


class _Item(pisaTagLI):  # type: ignore[misc]
    def start(self, c: Any) -> None:
        super().start(c)
        marks, item = c.pendingBullet
        face = tt2ps(item.fontName, item.bold, item.italic)
        for part in (item, *marks):
            part.bulletFontName = face
        for mark in marks:
            mark.fontName = face
            if (item.listStyleType or _MARKS[0]) in _MARKS:
                mark.text = "•"


def teach() -> None:
    """Make the tags known to the library."""
    vars(parser).update(pisaTagPDFROOM=_Room, pisaTagTR=_Row, pisaTagLI=_Item)
