"""Writing a part of one's own: text by text or as a whole, tried on sample leads, kept as a version. Nothing counts by that yet."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from markezy.accounts.api import staff
from markezy.console.differences import Piece, pieces, spoken
from markezy.console.forms import Refusal, field, fields, one_line
from markezy.console.pages import instead, render
from markezy.console.places import author_of, common, path_of, place_of
from markezy.console.releases import LONGEST_NOTE
from markezy.console.texts import Texts, texts_for
from markezy.kernel import audit
from markezy.kernel.errors import Conflict, Invalid, NotFound, Problem
from markezy.kernel.http import Call, Reply, endpoint
from markezy.kernel.limits import rules
from markezy.kernel.strict_yaml import UnreadableYaml
from markezy.strategies import api as strategies

_NUMBER_OF_NONE = 0
_FEWEST_ROWS, _MOST_ROWS = 12, 28


@dataclass(frozen=True)
class Difference:
    """A block that these sample leads would read differently, as the first of them reads it."""

    block: str
    locale: str
    leads: tuple[str, ...]
    woven: tuple[Piece, ...]


@dataclass(frozen=True)
class Typed:
    """The source as it came, with the text at `put` put into it; `trouble` tells why that could not be, `values` what it was to say."""

    source: str
    put: str = ""
    values: tuple[str, ...] = ()
    trouble: Refusal | None = None


@endpoint(staff("templates.write"), instead, audit=None)
def editor_page(call: Call, layer: str, sector: str, part: str) -> Reply:
    """The newest version to go on from, or the one that `start` names; an example where there is none."""
    place = _own(layer, sector, part)
    newest = strategies.newest_version(call.connection, call.tenant_id, place)
    start = newest
    if "start" in call.query:
        start = strategies.version_at(call.connection, call.tenant_id, place, _id(call.query["start"]))
    source = start.source if start else _example(texts_for(call.request), place)
    return _show(call, place, source, newest.number if newest else _NUMBER_OF_NONE)


@endpoint(staff("templates.write"), instead, audit=None)
def work_on(call: Call, layer: str, sector: str, part: str) -> Reply:
    """Pick a text to say otherwise (`choose`), put what was written into the source, or take a text out again (`drop`).

    The source travels with the page; nothing is kept.
    """
    place = _own(layer, sector, part)
    typed, drop = _typed(call, place), field(call, "drop")
    if typed.trouble is not None:
        return _troubled(call, place, typed)
    if not drop:
        return _show(call, place, typed.source, _base(call), chosen=field(call, "choose"), changed=typed.put)
    try:
        left = strategies.without_text(typed.source, _steps(drop))
    except UnreadableYaml as error:
        return _troubled(call, place, replace(typed, trouble=_unreadable(error)))
    return _show(call, place, left, _base(call), changed=drop)


@endpoint(staff("templates.write"), instead, kind=rules.EXPENSIVE, audit=None)
def try_out(call: Call, layer: str, sector: str, part: str) -> Reply:
    """What is wrong with the source, and what the sample leads would read instead. Keeps nothing."""
    place = _own(layer, sector, part)
    samples = place.sector or field(call, "samples")
    if samples not in (place.sector, *strategies.sectors()):
        raise Invalid("There are no sample leads of this sector.")
    typed = _typed(call, place)
    if typed.trouble is not None:
        return _troubled(call, place, typed)
    tried = strategies.preview(call.connection, call.tenant_id, place, typed.source, samples)
    return _show(call, place, typed.source, _base(call), tried=tried)


@endpoint(staff("templates.write"), instead, kind=rules.EXPENSIVE, audit="template.version_added")
def save(call: Call, layer: str, sector: str, part: str) -> Reply:
    """Keep the source as the next version. What does not fit, or was overtaken by a colleague, stays on the page as it was typed."""
    place = _own(layer, sector, part)
    typed = _typed(call, place)
    if typed.trouble is not None:
        return _troubled(call, place, typed)
    newest = strategies.newest_version(call.connection, call.tenant_id, place)
    number = newest.number if newest else _NUMBER_OF_NONE
    if number != _base(call) and newest is not None and newest.source != typed.source:
        late = Conflict("Another version was kept meanwhile.")
        return _show(call, place, typed.source, number, late, ("templates.refused.overtaken", {"number": number}))
    note = one_line(call, "note", LONGEST_NOTE)
    try:
        version = strategies.add_template_version(
            call.connection, call.tenant_id, place, typed.source, author_of(call), note
        )
    except Invalid as problem:
        return _show(call, place, typed.source, number, problem, findings=problem.extra.get("findings"))
    audit.subject_is(call.connection, "template_version", version.id)
    return Reply.redirect(f"{path_of(place)}?done=saved")


def _typed(call: Call, place: strategies.Place) -> Typed:
    """What came with the page. A text that was being said otherwise is put into the source, whichever button was pressed."""
    source, at = field(call, "source").replace("\r\n", "\n"), field(call, "open")
    if not at or field(call, "cancel"):
        return Typed(source)
    values = tuple(value.replace("\0", "").replace("\r\n", "\n") for value in fields(call, "value"))
    groups = strategies.texts_in_force(call.connection, call.tenant_id, place, source)
    picked = _wording(groups, at)
    if picked is None or (values == picked.texts and not field(call, "put")):
        return Typed(source)
    if not any(value.strip() for value in values):
        return Typed(source, at, values, ("templates.refused.empty", {}))
    try:
        said = values if picked.is_row else values[0]
        return Typed(strategies.with_text(source, picked.steps, said), at)
    except UnreadableYaml as error:
        return Typed(source, at, values, _unreadable(error))


def _troubled(call: Call, place: strategies.Place, typed: Typed) -> Reply:
    problem = Invalid("The text can't be put into the source.")
    return _show(call, place, typed.source, _base(call), problem, typed.trouble, chosen=typed.put, values=typed.values)


def _unreadable(error: UnreadableYaml) -> Refusal:
    return "templates.refused.unreadable", {"line": error.line or 1}


def _wording(groups: Sequence[strategies.WordingGroup], at: str) -> strategies.Wording | None:
    return next((one for group in groups for one in group.wordings if one.at == at), None)


def _show(
    call: Call,
    place: strategies.Place,
    source: str,
    base: int,
    problem: Problem | None = None,
    refusal: Refusal | None = None,
    *,
    tried: strategies.Preview | None = None,
    findings: Any = None,
    chosen: str = "",
    values: tuple[str, ...] = (),
    changed: str = "",
) -> Reply:
    groups = strategies.texts_in_force(call.connection, call.tenant_id, place, source)
    picked = _wording(groups, chosen)
    context = common(call, place)
    own = place.sector or context["viewer"].tenant.sector
    if tried is not None and tried.findings:
        findings = [vars(one) for one in tried.findings]
    return render(
        call.request, "templates/editor.html", 200 if problem is None else problem.status,
        source=source,
        rows=min(max(source.count("\n") + 2, _FEWEST_ROWS), _MOST_ROWS),
        base=base,
        note=one_line(call, "note", LONGEST_NOTE),
        longest_note=LONGEST_NOTE,
        refusal=refusal,
        findings=[(one, _line(source, one["line"])) for one in findings or ()],
        tried=tried,
        differences=_grouped(tried, {group.id.partition("/")[2]: group.heading for group in groups}) if tried else {},
        groups=groups,
        picked=picked,
        values=values or (picked.texts if picked else ()),
        changed=changed,
        below=strategies.versions_below(call.connection, call.tenant_id, place) if not groups else [],
        sectors=() if place.sector else strategies.sectors(),
        samples=field(call, "samples") or own,
        has_samples=bool(not place.sector or place.sector in strategies.sectors()),
        **context,
    )  # fmt: skip


def _grouped(tried: strategies.Preview, headings: dict[str, str]) -> dict[str, list[Difference]]:
    """What reads differently, by section. Leads to whom the same happens are named together, with what the first of them reads."""
    leads: dict[tuple[str, str, tuple[Piece, ...]], list[str]] = {}
    shown: dict[tuple[str, str, tuple[Piece, ...]], tuple[Piece, ...]] = {}
    for one in tried.changes:
        woven = tuple(pieces(*_said(one.before, one.after)))
        key = one.block, one.locale, tuple(piece for piece in woven if piece.kind != "same")
        leads.setdefault(key, []).append(one.lead)
        shown.setdefault(key, woven)
    sections: dict[str, list[Difference]] = defaultdict(list)
    for key, woven in shown.items():
        block, locale, _ = key
        section = block.partition(".")[0]
        sections[headings.get(section) or section].append(Difference(block, locale, tuple(leads[key]), woven))
    return sections


def _said(before: str | None, after: str | None) -> tuple[str | None, str | None]:
    """As it is read; with its tags where only they are different."""
    plain = (None if before is None else spoken(before), None if after is None else spoken(after))
    return plain if plain[0] != plain[1] else (before, after)


def _line(source: str, number: int | None) -> str:
    lines = source.splitlines()
    return lines[number - 1].strip() if number is not None and 0 < number <= len(lines) else ""


def _own(layer: str, sector: str, part: str) -> strategies.Place:
    """The part behind the address if the agency may write it; the product's are NotFound here."""
    place = place_of(layer, sector, part)
    if place.of_product:
        raise NotFound("What comes with the product is changed in a layer of one's own.")
    return place


def _base(call: Call) -> int:
    given = field(call, "base")
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise Invalid("A version has a number.")
    return int(given)


def _steps(at: str) -> tuple[str, ...]:
    steps = tuple(at.split("/"))
    if not all(steps) or len(steps) > 8:
        raise Invalid("There is no such place.")
    return steps


def _example(texts: Texts, place: strategies.Place) -> str:
    kind = strategies.PLAN if place.part == strategies.PLAN else "words"
    return texts(f"templates.example.{kind}")


def _id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise NotFound("There is no such version.") from None
