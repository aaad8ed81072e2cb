"""What callers say in addresses and bodies, as checked values."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from markezy.kernel import cursors
from markezy.kernel.errors import Invalid
from markezy.kernel.http import Call
from markezy.kernel.http.fields import Storable
from markezy.strategies.versions.model import Place
from markezy.strategies.wording import FALLBACK

_PAGE = 50
_LARGEST_PAGE = 100
_LONGEST_NAME = 60

Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), Storable]
"""A few words on what is new."""
Source = Annotated[str, Field(max_length=400_000)]
"""A part of a layer, as YAML; longer than any that is accepted, so that findings can say so."""


class Body(BaseModel):
    """A request's body: nothing but what it names."""

    model_config = ConfigDict(extra="forbid")


class PlaceBody(Body):
    """A part of a layer; `sector` is empty for `base` and `agency`."""

    layer: str
    sector: str = ""
    part: str

    def place(self) -> Place:
        return Place.named(self.layer, self.sector, self.part)


def author_of(call: Call) -> str:
    """Who calls, as authors are written down."""
    return f"{call.principal.kind}:{call.principal.id}"


def reader_of(call: Call) -> str:
    """The language the caller prefers to read."""
    return call.request.headers.get("accept-language", FALLBACK).split(",")[0].split(";")[0].strip()


def narrowed(call: Call) -> dict[str, str]:
    """To which layer, sector or part a list shall be narrowed."""
    given = {"layer": call.query.get("layer"), "sector": call.query.get("sector"), "part": call.query.get("part")}
    wanted = {name: value for name, value in given.items() if value is not None}
    if any("\0" in value or len(value) > _LONGEST_NAME for value in wanted.values()):
        raise Invalid("A layer, a sector or a part has no such name.")
    return wanted


def limit_of(call: Call) -> int:
    """How many entries a page shall have."""
    given = call.query.get("limit", str(_PAGE))
    if not given.isascii() or not given.isdigit() or len(given) > 5 or not 1 <= int(given) <= _LARGEST_PAGE:
        raise Invalid(f'"limit" is a whole number from 1 to {_LARGEST_PAGE}.')
    return int(given)


def before_of(call: Call) -> UUID | None:
    """Behind which entry a page begins, of a list whose newest entry comes first."""
    cursor = call.query.get("cursor")
    if cursor is None:
        return None
    try:
        return UUID(cursors.decode(cursor, 1)[0])
    except ValueError:
        raise cursors.bad_cursor() from None


def id_of(given: str, name: str) -> UUID:
    """An id in the query."""
    try:
        return UUID(given)
    except ValueError:
        raise Invalid(f'"{name}" is the id of a version.') from None
