"""New versions: by the agency for its own layers, by the product for the others."""

from uuid import UUID

from sqlalchemy import Connection

from markezy.kernel.errors import Invalid, NotFound
from markezy.strategies.versions import repository
from markezy.strategies.versions.model import Format, Place, Version
from markezy.strategies.versions.reading import Finding
from markezy.strategies.versions.workshop import WORKSHOP, Workshop


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

    Invalid for the product's layers, and with `findings` when the source has problems.
    """
    if place.layer.of_product:
        raise Invalid(
            f'The layer "{place.layer}" comes with the product; put what shall be different into the layer'
            ' "agency" or "agency-sector".'
        )
    problems = find_problems(place, source, workshop)
    if problems:
        raise Invalid(f"{len(problems)} problem(s) found in this part.", findings=as_json(problems))
    repository.lock(connection, tenant_id, [place])
    newest = repository.newest_versions(connection, tenant_id, [place]).get(place)
    if newest is not None and says(newest, source):
        return newest
    number = newest.number + 1 if newest else 1
    (id_,) = repository.insert_versions(connection, tenant_id, [(place, number, source, author, note)])
    return get_version(connection, tenant_id, id_)


def find_problems(place: Place, source: str, workshop: Workshop = WORKSHOP) -> list[Finding]:
    """What keeps the source from becoming a version."""
    if "\0" in source:
        return [Finding("A text can't contain the NUL character.")]
    return workshop.check(place, source)


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
