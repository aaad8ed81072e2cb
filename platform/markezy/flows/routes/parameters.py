"""What callers say in addresses and bodies, as checked values."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from markezy.flows import api
from markezy.kernel.errors import Invalid, NotFound
from markezy.kernel.http import Call
from markezy.kernel.http.fields import Storable

_PAGE = 50
_LARGEST_PAGE = 100
_LARGEST_NUMBER = 2**31 - 1


Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), Storable]
"""A few words on what is new."""


class Body(BaseModel):
    """A request's body: nothing but what it names."""

    model_config = ConfigDict(extra="forbid")


class DefinitionBody(Body):
    """A definition to look at."""

    definition: dict[str, Any]


def staff_id(call: Call) -> UUID:
    """Who of the staff calls."""
    return UUID(call.principal.id)


def limit_of(call: Call) -> int:
    """How many entries a page shall have."""
    given = call.query.get("limit", str(_PAGE))
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= _LARGEST_PAGE:
        raise Invalid(f'"limit" is a whole number from 1 to {_LARGEST_PAGE}.')
    return int(given)


def number_in_path(given: str) -> int:
    """A version's number; anything else names none."""
    number = whole_number(given)
    if number is None:
        raise NotFound("There is no such version.")
    return number


def version_named(call: Call, parameter: str, default: str) -> int | str:
    """Which definition a query parameter means: a version's number, `draft` or `published`."""
    given = call.query.get(parameter, default)
    if given in (api.DRAFT, api.PUBLISHED):
        return given
    number = whole_number(given)
    if number is None:
        raise Invalid(f'"{parameter}" is the number of a version, "{api.DRAFT}" or "{api.PUBLISHED}".')
    return number


def whole_number(given: str) -> int | None:
    """A number a version may have, else None."""
    if not given.isascii() or not given.isdigit() or len(given) > 10:
        return None
    number = int(given)
    return number if 1 <= number <= _LARGEST_NUMBER else None
