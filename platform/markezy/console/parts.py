"""A part of a template: its versions and releases, the source of a version, two versions compared, and how they do."""

from uuid import UUID

from markezy.accounts.api import staff
from markezy.console.differences import pieces
from markezy.console.forms import Refusal
from markezy.console.pages import instead, render
from markezy.console.places import authors_in, common, place_of
from markezy.console.texts import texts_for
from markezy.kernel.errors import Invalid, NotFound, Problem
from markezy.kernel.http import Call, Reply, endpoint
from markezy.strategies import api as strategies

_DONE = frozenset({"saved", "published", "emptied", "experiment", "back", "follows"})
"""What the redirects of `editor.py` and `releases.py` say was done."""


@endpoint(staff("templates.read"), instead, audit=None)
def part_page(call: Call, layer: str, sector: str, part: str) -> Reply:
    """What counts of the part and what can be done about it, its versions and its releases."""
    return show_part(call, place_of(layer, sector, part))


def show_part(
    call: Call, place: strategies.Place, problem: Problem | None = None, refusal: Refusal | None = None
) -> Reply:
    """The part's page, with why what was asked for was not done."""
    history = strategies.history_of(call.connection, call.tenant_id, place)
    done = call.query.get("done", "")
    return render(
        call.request, "templates/part.html", 200 if problem is None else problem.status,
        history=history,
        refusal=refusal,
        done=f"templates.done.{done}" if done in _DONE and problem is None else None,
        most=strategies.MOST_VERSIONS,
        heaviest=strategies.LARGEST_WEIGHT,
        **common(call, place, authors_in(history)),
    )  # fmt: skip


@endpoint(staff("templates.read"), instead, audit=None)
def version_page(call: Call, layer: str, sector: str, part: str, version_id: UUID) -> Reply:
    """The source of one version, as it was written."""
    place = place_of(layer, sector, part)
    version = strategies.version_at(call.connection, call.tenant_id, place, version_id)
    return render(call.request, "templates/version.html", version=version, **common(call, place, {version.author}))


@endpoint(staff("templates.read"), instead, audit=None)
def differences_page(call: Call, layer: str, sector: str, part: str) -> Reply:
    """Two versions compared, place by place: the two newest unless `old` and `new` name others."""
    place = place_of(layer, sector, part)
    history = strategies.history_of(call.connection, call.tenant_id, place)
    comparable = [one for one in history.versions if one.format == strategies.TemplateFormat.LAYER]
    if len(comparable) < 2:
        raise NotFound("There are no two versions to compare.")
    old, new = (
        strategies.version_at(call.connection, call.tenant_id, place, _chosen(call, name, comparable[at].id))
        for name, at in (("old", 1), ("new", 0))
    )
    return render(
        call.request, "templates/differences.html",
        old=old, new=new, versions=comparable,
        changes=[(one, pieces(one.before, one.after)) for one in strategies.template_changes(old, new)],
        **common(call, place, authors_in(history)),
    )  # fmt: skip


@endpoint(staff("templates.read"), instead, audit=None)
def figures_page(call: Call, layer: str, sector: str, part: str) -> Reply:
    """How the part's versions do, and what comparing two of them says; of an experiment it compares by itself."""
    place = place_of(layer, sector, part)
    history = strategies.history_of(call.connection, call.tenant_id, place)
    pair = strategies.pair_of(history)
    if "first" in call.query and "second" in call.query:
        pair = _id(call.query["first"]), _id(call.query["second"])
    refusal: Refusal | None = None
    if pair is not None and pair[0] == pair[1]:
        pair, refusal = None, ("templates.figures.same", {})
    language = texts_for(call.request).language
    return render(
        call.request, "templates/figures.html", 200 if refusal is None else Invalid.status,
        history=history,
        found=strategies.figures_of(call.connection, call.tenant_id, history, pair, language),
        pair=pair,
        refusal=refusal,
        measured=strategies.MEASURED,
        **common(call, place),
    )  # fmt: skip


def _chosen(call: Call, name: str, otherwise: UUID) -> UUID:
    return _id(call.query[name]) if name in call.query else otherwise


def _id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise NotFound("There is no such version.") from None
