"""New versions: by the agency for its own layers, by the product for the others."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from markezy.accounts import api as accounts
from markezy.kernel.errors import Invalid, NotFound
from markezy.strategies.layers.findings import Finding
from markezy.strategies.layers.layer import LANGUAGES, PLAN
from markezy.strategies.versions import repository, stacks
from markezy.strategies.versions.model import Format, Place, Stack, Version
from markezy.strategies.versions.workshop import WORKSHOP, Workshop

_NOBODY = UUID(int=0)
_NEVER = datetime.min


def add_version(
    connection: Connection,
    tenant_id: UUID,
    place: Place,
    source: str,
    author: str,
    note: str = "",
    workshop: Workshop = WORKSHOP,
) -> Version:
    """The next version of a part of the agency's layers; the newest again when its source is this one. Nothing is released by that.

    Invalid for the product's layers, and with `findings` when the source has problems: by itself, or together with what is in force.
    """
    if place.of_product:
        raise Invalid(
            f'The layer "{place.layer}" comes with the product; put what shall be different into the layer'
            ' "agency" or "agency-sector".'
        )
    sector = place.sector or accounts.tenant(connection, tenant_id).sector
    problems = find_problems(connection, tenant_id, place, source, sector, workshop)
    if problems:
        raise Invalid(f"{len(problems)} problem(s) found in this part.", findings=as_json(problems))
    repository.lock(connection, tenant_id, [place])
    newest = repository.newest_versions(connection, tenant_id, [place]).get(place)
    if newest is not None and says(newest, source):
        return newest
    number = newest.number + 1 if newest else 1
    (id_,) = repository.insert_versions(connection, tenant_id, [(place, number, source, author, note)])
    return get_version(connection, tenant_id, id_)


def find_problems(
    connection: Connection, tenant_id: UUID, place: Place, source: str, sector: str, workshop: Workshop = WORKSHOP
) -> list[Finding]:
    """What keeps the source from becoming a version, given what else is in force for this sector."""
    locale = LANGUAGES[0] if place.part == PLAN else place.part
    stack = stacks.in_force(connection, tenant_id, sector, locale, None)
    return workshop.check(with_source(stack, place, source), place)


def with_source(stack: Stack, place: Place, source: str) -> Stack:
    """The stack with this source as its part at that place."""
    unsaved = Version(_NOBODY, Format.LAYER, place.layer, place.sector, place.part, 0, "", "", _NEVER, source)
    return stack.with_version(unsaved)


def get_version(connection: Connection, tenant_id: UUID, version_id: UUID) -> Version:
    """The version; NotFound when there is none."""
    found = repository.find_version(connection, tenant_id, version_id)
    if found is None:
        raise NotFound("There is no such version of a template.")
    return found


def says(version: Version, source: str) -> bool:
    """Whether this very source is the version's."""
    return version.format == Format.LAYER and version.source == source


def as_json(findings: list[Finding]) -> list[dict[str, object]]:
    """The findings as answers show them."""
    return [dict(vars(one)) for one in findings]
