"""Which versions count from now on: publish one, compare several, go back. Each is a release, and the newest is in force."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection

from markezy.kernel.errors import Conflict, Invalid, NotFound
from markezy.strategies.versions import repository
from markezy.strategies.versions.model import Format, Place, Release, ReleaseKind, Share

MOST_VERSIONS = 5
LARGEST_WEIGHT = 1000


def publish(
    connection: Connection,
    tenant_id: UUID,
    place: Place,
    version_id: UUID | None,
    author: str,
    note: str = "",
    *,
    follows_product: bool = False,
    expected_number: int | None = None,
) -> Release:
    """Strategies written from now on get this version of the part; with None the agency's layer changes nothing any more.

    With `follows_product`, for the product's layers only, its next version is released by itself; else the part is pinned. What is
    in force already is given again. NotFound when the part has no such version, Conflict when an `expected_number` is given
    and the release in force has another one.
    """
    if version_id is None and place.of_product:
        raise Invalid(
            f'The layer "{place.layer}" comes with the product and can\'t be taken out; publish a version of it.'
        )
    if follows_product and not place.of_product:
        raise Invalid("Only the layers that come with the product can follow it.")
    shares = () if version_id is None else (Share(version_id),)
    current = _begin(connection, tenant_id, place, expected_number)
    _check_versions(connection, tenant_id, place, shares)
    if current is None and not shares:
        raise Conflict("Nothing of this part is released.")
    if current is not None and current.shares == shares and current.follows_product == follows_product:
        return current
    return _release(
        connection,
        tenant_id,
        place,
        current,
        ReleaseKind.PUBLISH,
        shares,
        author,
        note,
        follows_product=follows_product,
    )


def experiment(
    connection: Connection,
    tenant_id: UUID,
    place: Place,
    shares: Sequence[Share],
    author: str,
    note: str = "",
    *,
    expected_number: int | None = None,
) -> Release:
    """Leads get one of these versions by weight, and always the same one, until the next release.

    NotFound and Conflict as in `publish`; Invalid when they are too few, too many, the same twice or of a weight out of range.
    """
    if not 2 <= len(shares) <= MOST_VERSIONS:
        raise Invalid(f"An experiment compares 2 to {MOST_VERSIONS} versions.")
    if len({share.version_id for share in shares}) != len(shares):
        raise Invalid("A version is there twice.")
    if not all(1 <= share.weight <= LARGEST_WEIGHT for share in shares):
        raise Invalid(f"A weight is a whole number from 1 to {LARGEST_WEIGHT}.")
    current = _begin(connection, tenant_id, place, expected_number)
    _check_versions(connection, tenant_id, place, shares)
    return _release(connection, tenant_id, place, current, ReleaseKind.EXPERIMENT, tuple(shares), author, note)


def rollback(
    connection: Connection,
    tenant_id: UUID,
    place: Place,
    author: str,
    note: str = "",
    *,
    expected_number: int | None = None,
) -> Release:
    """One step back: release again what the release in force replaced when it first came; the part is pinned then.

    Done again, it goes one step further back. NotFound when nothing was ever released, Conflict when there is nothing before, or the
    release in force is not that of the `expected_number`.
    """
    current = _begin(connection, tenant_id, place, expected_number)
    if current is None:
        raise NotFound("Nothing of this part was ever released.")
    before = release_before(connection, tenant_id, current)
    if before is None:
        raise Conflict(f"Nothing was released before release {current.number}: there is nothing to go back to.")
    return _release(
        connection, tenant_id, place, current, ReleaseKind.ROLLBACK, before.shares, author, note, restores=before.origin
    )


def release_before(connection: Connection, tenant_id: UUID, current: Release) -> Release | None:
    """What a rollback of the release in force would restore; None when there is nothing before it."""
    return repository.find_release_before(connection, tenant_id, current.place, current.origin)


def get_release(connection: Connection, tenant_id: UUID, release_id: UUID) -> Release:
    """The release; NotFound when there is none."""
    found = repository.find_release(connection, tenant_id, release_id)
    if found is None:
        raise NotFound("There is no such release.")
    return found


def _begin(connection: Connection, tenant_id: UUID, place: Place, expected_number: int | None) -> Release | None:
    """The release in force, which nobody replaces meanwhile."""
    repository.lock(connection, tenant_id, [place])
    current = repository.newest_releases(connection, tenant_id, [place]).get(place)
    number = current.number if current else 0
    if expected_number is not None and number != expected_number:
        raise Conflict(
            f"Release {number} is in force by now; load the part again and repeat your change.", number=number
        )
    return current


def _check_versions(connection: Connection, tenant_id: UUID, place: Place, shares: Sequence[Share]) -> None:
    found = repository.find_versions(connection, tenant_id, [share.version_id for share in shares]) if shares else {}
    for share in shares:
        version = found.get(share.version_id)
        if version is None or version.place != place:
            raise NotFound(f"{place} has no such version.")
        if version.format != Format.LAYER:
            raise Invalid(f"Version {version.number} is a template from before layers; it can't be released.")


def _release(
    connection: Connection,
    tenant_id: UUID,
    place: Place,
    current: Release | None,
    kind: ReleaseKind,
    shares: tuple[Share, ...],
    author: str,
    note: str,
    *,
    follows_product: bool = False,
    restores: UUID | None = None,
) -> Release:
    row = {
        "number": current.number + 1 if current else 1, "kind": kind, "versions": [share.as_json() for share in shares],
        "restores": restores, "follows_product": follows_product, "author": author, "note": note,
    }  # fmt: skip
    (id_,) = repository.insert_releases(connection, tenant_id, [(place, row)])
    return get_release(connection, tenant_id, id_)
