"""One golden lead's documents: drafted, checked, and made into PDF, web page and briefing, as production does it."""

import os
import resource
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import time as hour
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

from markezy.strategies.checks import blocking
from markezy.strategies.layers.golden import golden_leads, golden_reasons
from markezy.strategies.model import Agency
from markezy.strategies.production.drafting import NotWritable, draft, draft_briefing
from markezy.strategies.production.inspecting import defects
from markezy.strategies.rendering import web
from markezy.strategies.rendering.inline import plain
from markezy.strategies.rendering.occasion import Occasion
from markezy.strategies.rendering.pdf import NotRenderable, render_strategy
from markezy.strategies.versions.shipped import product_stack
from markezy.strategies.writing.case import Case
from markezy.strategies.writing.trial import TODAY

_KILOBYTES_A_UNIT = 1 / 1024 if sys.platform == "darwin" else 1.0
"""Of `ru_maxrss`."""


@dataclass(frozen=True)
class Exhibit:
    """What is asked for. `lead` is its name in golden/<sector>.yml."""

    sector: str
    locale: str
    lead: str

    @property
    def name(self) -> str:
        """Also of its files, before the ending."""
        return f"{self.sector}-{self.locale}-{self.lead}"


@dataclass(frozen=True)
class Shown:
    """What became of an exhibit, and how the process that made it stands. `findings` are texts, those that matter first."""

    exhibit: Exhibit
    title: str = ""
    pages: int = 0
    briefing_pages: int = 0
    findings: tuple[str, ...] = ()
    failed: bool = False
    seconds: float = 0.0
    worker: int = 0
    peak_kilobytes: int = 0


def show(exhibit: Exhibit, agency: Agency, folder: Path) -> Shown:
    """Make the exhibit's documents in `folder`. What keeps it from a lead is a finding, never an error."""
    began = time.perf_counter()
    try:
        made = _made(exhibit, agency, folder)
    except (NotWritable, NotRenderable) as error:
        made = Shown(exhibit, findings=(f"{type(error).__name__}: {error}",), failed=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    measured = {
        "seconds": time.perf_counter() - began,
        "worker": os.getpid(),
        "peak_kilobytes": round(peak * _KILOBYTES_A_UNIT),
    }
    return Shown(**{**vars(made), **measured})


def _made(exhibit: Exhibit, agency: Agency, folder: Path) -> Shown:
    lead = golden_leads(exhibit.sector, exhibit.locale)[exhibit.lead]
    reasons = golden_reasons(exhibit.sector, exhibit.locale)[exhibit.lead]
    case = Case(lead, agency, exhibit.sector, exhibit.locale, TODAY, reasons)
    stack = product_stack(exhibit.sector, exhibit.locale)
    written = draft(stack, case)
    found = sorted(defects(written, case, written.document), key=lambda one: one.severity)
    occasion = Occasion.of(case, datetime.combine(TODAY, hour(), UTC))
    paper = render_strategy(written.document, occasion)
    briefing = render_strategy(draft_briefing(stack, case), occasion, layout="briefing")
    (folder / f"{exhibit.name}.pdf").write_bytes(paper)
    (folder / f"{exhibit.name}-briefing.pdf").write_bytes(briefing)
    screen = web.page(written.document, occasion, f"{exhibit.name}.pdf")
    (folder / f"{exhibit.name}.html").write_text(screen.html, encoding="utf-8")
    return Shown(
        exhibit,
        plain(written.document.title),
        _pages(paper),
        _pages(briefing),
        tuple(f"{one.severity}: {one.subject('en')}, {one.place or 'document'}: {one.text('en')}" for one in found),
        bool(blocking(found)),
    )


def _pages(body: bytes) -> int:
    return len(PdfReader(BytesIO(body)).pages)
