"""Where a part of a template lives on the console: its address, who wrote in it, and what all its pages show."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from markezy.accounts import api as accounts
from markezy.console.pages import TEMPLATES
from markezy.console.texts import texts_for
from markezy.console.viewers import viewer_of
from markezy.kernel.errors import Invalid, NotFound
from markezy.kernel.http import Call
from markezy.strategies import api as strategies

ALL_SECTORS = "-"
"""In addresses, for layers that hold for all sectors; no sector is called so."""
_STAFF = "staff:"


def place_of(layer: str, sector: str, part: str) -> strategies.Place:
    """The part behind an address; NotFound when there is none such."""
    try:
        return strategies.Place.named(layer, "" if sector == ALL_SECTORS else sector, part)
    except Invalid as problem:
        raise NotFound(problem.detail) from None


def path_of(place: strategies.Place) -> str:
    """The address of the part's page; those of its other pages begin with it."""
    return f"{TEMPLATES}/{place.layer}/{place.sector or ALL_SECTORS}/{place.part}"


def author_of(call: Call) -> str:
    """Who calls, as authors are written down."""
    return f"{call.principal.kind}:{call.principal.id}"


def names_of(call: Call, authors: Iterable[str]) -> dict[str, str]:
    """By author what they are called; nobody is named who is not there any more."""
    ids = {UUID(one.removeprefix(_STAFF)) for one in authors if one.startswith(_STAFF) and _is_id(one)}
    people = accounts.users_of(call.connection, call.tenant_id, ids)
    return {strategies.PRODUCT: "Markezy"} | {f"{_STAFF}{one.id}": one.name for one in people}


def common(call: Call, place: strategies.Place, authors: Iterable[str] = ()) -> dict[str, Any]:
    """What every page about the part needs."""
    return {
        "viewer": viewer_of(call),
        "place": place,
        "path": path_of(place),
        "path_of": path_of,
        "names": names_of(call, authors),
        "formats": strategies.Formats(texts_for(call.request).language),
        "may_write": accounts.allows(call.principal.role, "templates.write"),
    }


def authors_in(history: strategies.History) -> set[str]:
    """All who wrote or released something of the part."""
    return {one.author for one in history.known.values()} | {one.author for one in history.releases}


def _is_id(author: str) -> bool:
    try:
        UUID(author.removeprefix(_STAFF))
    except ValueError:
        return False
    return True
