"""What xhtml2pdf has no words for, said to it as tags of our own: where a page ends, and which rows stay together.

`<pdf:room height="120">` goes on on the next page when less than so many points are left; `<tr class="tied">` is never parted from the
row above it. The library finds a tag's class by name among its parser's own; that is where ours are put.
"""

from typing import Any

from reportlab.platypus import CondPageBreak  # type: ignore[import-untyped]
from xhtml2pdf import parser
from xhtml2pdf.tables import pisaTagTR
from xhtml2pdf.tags import pisaTag

TIED = "tied"


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


def teach() -> None:
    """Make the tags known to the library."""
    vars(parser).update(pisaTagPDFROOM=_Room, pisaTagTR=_Row)
