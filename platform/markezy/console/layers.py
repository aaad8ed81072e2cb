"""The templates: what strategies are written from, layer by layer, how its versions do, and how it came to be."""

from dataclasses import dataclass

from markezy.accounts import api as accounts
from markezy.accounts.api import staff
from markezy.console.pages import instead, render
from markezy.console.places import names_of, path_of
from markezy.console.texts import texts_for
from markezy.console.viewers import viewer_of
from markezy.kernel.http import Call, Reply, endpoint
from markezy.strategies import api as strategies


@dataclass(frozen=True)
class Line:
    """A part as a line of the page: what counts of it, and its newest version; neither for one that nobody wrote yet."""

    place: strategies.Place
    part: strategies.PartInForce | None
    newest: strategies.TemplateSummary | None

    @property
    def waiting(self) -> strategies.TemplateSummary | None:
        """The newest version, if it does not count."""
        counting = self.part.versions if self.part else ()
        return self.newest if self.newest and self.newest.id not in {one.id for one in counting} else None


@endpoint(staff("templates.read"), instead, audit=None)
def templates_page(call: Call) -> Reply:
    """Everything that is in force, measured against its outcomes. It holds nothing of a lead."""
    language = texts_for(call.request).language
    viewer = viewer_of(call)
    sector = viewer.tenant.sector
    found = strategies.overview_of(call.connection, call.tenant_id, sector, language)
    authors = {one.author for one in found.releases} | {one.author for one in found.versions.values()}
    lines = _lines(found)
    return render(
        call.request, "templates/page.html",
        viewer=viewer,
        found=found,
        groups={name: [one for one in lines if _group(one.place, sector) == name] for name in _GROUPS},
        releases=[one for one in found.releases if one.sector in ("", sector)][:_NEWEST],
        sector=sector,
        names=names_of(call, authors),
        path_of=path_of,
        formats=strategies.Formats(language),
        measured=strategies.MEASURED,
        may_write=accounts.allows(call.principal.role, "templates.write"),
    )  # fmt: skip


_NEWEST = 10
"""Releases that the page shows; each part's own page has them all."""
_GROUPS = ("base", "sector", "agency", "agency-sector", "elsewhere")
"""Layers as the page shows them, from the bottom to the top; what is of other sectors than the agency's stands apart."""


def _lines(found: strategies.Overview) -> list[Line]:
    released = {part.release.place: Line(part.release.place, part, part.newest) for part in found.parts}
    unwritten = {place: Line(place, None, newest) for place, newest in found.own.items() if place not in released}
    return [one for _, one in sorted({**released, **unwritten}.items(), key=lambda each: _order(each[0]))]


def _order(place: strategies.Place) -> tuple[int, str, int]:
    return _GROUPS.index(place.layer), place.sector, strategies.PARTS.index(place.part)


def _group(place: strategies.Place, sector: str) -> str:
    return place.layer.value if place.sector in ("", sector) else "elsewhere"
