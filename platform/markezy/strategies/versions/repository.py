"""All SQL on versions, releases and compositions. Every function names the tenant, although row-level security would hide the others."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    Row,
    Select,
    Text,
    Uuid,
    cast,
    column,
    func,
    insert,
    literal,
    select,
    text,
    true,
    values,
)
from sqlalchemy.dialects.postgresql import JSONB

from markezy.kernel.ids import new_id
from markezy.strategies.layers.layer import LayerName
from markezy.strategies.tables import strategy, strategy_composition
from markezy.strategies.tables import strategy_template_release as released
from markezy.strategies.tables import strategy_template_version as version
from markezy.strategies.versions.model import (
    Format,
    Place,
    Release,
    Share,
    Version,
    VersionSummary,
)

_SUMMARY = tuple(version.c[one.name] for one in fields(VersionSummary))
_VERSION = tuple(version.c[one.name] for one in fields(Version))
_NAMES = {"shares": "versions"}
_RELEASE = tuple(released.c[_NAMES.get(one.name, one.name)] for one in fields(Release))
_LOCK = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM"
    " (SELECT key FROM unnest(CAST(:keys AS text[])) WITH ORDINALITY AS wanted (key, turn) ORDER BY turn) AS in_turn"
)
_LABELS = frozenset(f"version_{one.name}" for one in _VERSION)
_CLOCK = func.clock_timestamp()
"""Not the transaction's time: that of one that had to wait for the lock is older than what it waited for."""


def lock(connection: Connection, tenant_id: UUID, places: Iterable[Place]) -> None:
    """Until the transaction ends nobody else adds versions or releases to these places. Always in one order: no two wait for each other."""
    keys = [f"template:{tenant_id}:{place.layer}:{place.sector}:{place.part}" for place in sorted(set(places))]
    connection.execute(_LOCK, {"keys": keys})


def newest_versions(connection: Connection, tenant_id: UUID, places: Collection[Place]) -> dict[Place, Version]:
    """By place its newest version, of either format."""
    found = [Version(**row._mapping) for row in _newest_of(connection, tenant_id, places, _VERSION)]
    return {one.place: one for one in found}


def newest_summaries(connection: Connection, tenant_id: UUID, places: Collection[Place]) -> dict[Place, VersionSummary]:
    """The same without the sources."""
    found = [VersionSummary(**row._mapping) for row in _newest_of(connection, tenant_id, places, _SUMMARY)]
    return {one.place: one for one in found}


def newest_releases(connection: Connection, tenant_id: UUID, places: Collection[Place]) -> dict[Place, Release]:
    """By place the release in force."""
    wanted = _places(places)
    newest = _newest_release(tenant_id, wanted)
    rows = connection.execute(select(newest).select_from(wanted.join(newest, true())))
    return {one.place: one for one in map(_release, rows)}


def candidates(
    connection: Connection, tenant_id: UUID, places: Collection[Place]
) -> list[tuple[Release, Version | None]]:
    """The releases in force at these places, each with each of its versions; with None when it releases nothing. One query."""
    wanted = _places(places)
    newest = _newest_release(tenant_id, wanted)
    share = func.jsonb_array_elements(newest.c.versions).table_valued(column("value", JSONB)).lateral("share")
    statement = select(*newest.c, *(one.label(f"version_{one.name}") for one in _VERSION)).select_from(
        wanted.join(newest, true())
        .outerjoin(share, true())
        .outerjoin(
            version,
            (version.c.tenant_id == tenant_id) & (version.c.id == cast(share.c.value["version_id"].astext, Uuid)),
        )
    )
    found = []
    for row in connection.execute(statement):
        own = {name.removeprefix("version_"): value for name, value in row._mapping.items() if name in _LABELS}
        found.append((_release(row[: len(_RELEASE)]), None if own["id"] is None else Version(**own)))
    return found


def insert_versions(
    connection: Connection, tenant_id: UUID, new: Sequence[tuple[Place, int, str, str, str]]
) -> list[UUID]:
    """Versions of the format `layer`: (place, number, source, author, note) each; their ids, in this order. The places must be locked."""
    ids = [new_id() for _ in new]
    rows = [
        {
            **_place_columns(place), "tenant_id": tenant_id, "id": id_, "format": Format.LAYER, "number": number,
            "source": source, "author": author, "note": note,
        }
        for id_, (place, number, source, author, note) in zip(ids, new, strict=True)
    ]  # fmt: skip
    connection.execute(insert(version).values(created_at=_CLOCK), rows)
    return ids


def insert_releases(connection: Connection, tenant_id: UUID, new: Sequence[tuple[Place, dict[str, Any]]]) -> list[UUID]:
    """Releases: the place and the other columns each; their ids, in this order. The places must be locked."""
    ids = [new_id() for _ in new]
    rows = [
        {**_place_columns(place), "tenant_id": tenant_id, "id": id_, "restores": None, **row}
        for id_, (place, row) in zip(ids, new, strict=True)
    ]
    connection.execute(insert(released).values(created_at=_CLOCK), rows)
    return ids


def find_version(connection: Connection, tenant_id: UUID, version_id: UUID) -> Version | None:
    row = connection.execute(
        select(*_VERSION).where(version.c.tenant_id == tenant_id, version.c.id == version_id)
    ).one_or_none()
    return Version(**row._mapping) if row else None


def find_versions(connection: Connection, tenant_id: UUID, ids: Collection[UUID]) -> dict[UUID, VersionSummary]:
    """By id the versions there are of these."""
    rows = connection.execute(select(*_SUMMARY).where(version.c.tenant_id == tenant_id, version.c.id.in_(ids)))
    return {row.id: VersionSummary(**row._mapping) for row in rows}


def list_versions(
    connection: Connection, tenant_id: UUID, wanted: dict[str, str], before: UUID | None, limit: int
) -> list[VersionSummary]:
    """Versions, the newest first, below `before`; `wanted` narrows layer, sector and part."""
    statement = select(*_SUMMARY).where(version.c.tenant_id == tenant_id, *_narrowed(version, wanted))
    if before is not None:
        statement = statement.where(version.c.id < before)
    rows = connection.execute(statement.order_by(version.c.id.desc()).limit(limit))
    return [VersionSummary(**row._mapping) for row in rows]


def find_release(connection: Connection, tenant_id: UUID, release_id: UUID) -> Release | None:
    row = connection.execute(_releases(tenant_id).where(released.c.id == release_id)).one_or_none()
    return _release(row) if row else None


def find_release_before(connection: Connection, tenant_id: UUID, place: Place, release_id: UUID) -> Release | None:
    """The release of this place that came right before that one."""
    given = released.alias("given")
    number = select(given.c.number).where(given.c.tenant_id == tenant_id, given.c.id == release_id).scalar_subquery()
    statement = (
        _releases(tenant_id)
        .where(*_narrowed(released, _place_columns(place)), released.c.number < number)
        .order_by(released.c.number.desc())
        .limit(1)
    )
    row = connection.execute(statement).one_or_none()
    return _release(row) if row else None


def list_releases(
    connection: Connection, tenant_id: UUID, wanted: dict[str, str], before: UUID | None, limit: int
) -> list[Release]:
    """Releases, the newest first, below `before`; `wanted` narrows layer, sector and part."""
    statement = _releases(tenant_id).where(*_narrowed(released, wanted))
    if before is not None:
        statement = statement.where(released.c.id < before)
    return [_release(row) for row in connection.execute(statement.order_by(released.c.id.desc()).limit(limit))]


def releases_in_force(connection: Connection, tenant_id: UUID, wanted: dict[str, str]) -> list[Release]:
    """The newest release of each part there is one of, in the order of the places."""
    place = (released.c.layer, released.c.sector, released.c.part)
    statement = (
        _releases(tenant_id)
        .where(*_narrowed(released, wanted))
        .distinct(*place)
        .order_by(*place, released.c.number.desc())
    )
    return sorted((_release(row) for row in connection.execute(statement)), key=_reading_order)


def released_together(connection: Connection, tenant_id: UUID, versions: Collection[UUID]) -> bool:
    """Whether one release ever shared out all of these versions."""
    together = [{"version_id": str(one)} for one in versions]
    query = select(released.c.id).where(released.c.tenant_id == tenant_id, released.c.versions.contains(together))
    return connection.execute(query.limit(1)).first() is not None


def composition_of(connection: Connection, tenant_id: UUID, strategy_id: UUID) -> list[Version]:
    """The versions the strategy was composed of."""
    statement = (
        select(*_VERSION)
        .join(
            strategy_composition,
            (strategy_composition.c.tenant_id == version.c.tenant_id)
            & (strategy_composition.c.version_id == version.c.id),
        )
        .where(strategy_composition.c.tenant_id == tenant_id, strategy_composition.c.strategy_id == strategy_id)
    )
    return [Version(**row._mapping) for row in connection.execute(statement)]


def strategies_made_with(
    connection: Connection, tenant_id: UUID, version_id: UUID, before: UUID | None, limit: int
) -> list[tuple[UUID, UUID]]:
    """(strategy, lead) of strategies composed of that version, the newest first, below `before`."""
    statement = (
        select(strategy.c.id, strategy.c.lead_id)
        .join(
            strategy_composition,
            (strategy_composition.c.tenant_id == strategy.c.tenant_id)
            & (strategy_composition.c.strategy_id == strategy.c.id),
        )
        .where(strategy_composition.c.tenant_id == tenant_id, strategy_composition.c.version_id == version_id)
        .order_by(strategy_composition.c.strategy_id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(strategy_composition.c.strategy_id < before)
    return [(row.id, row.lead_id) for row in connection.execute(statement)]


def _places(places: Collection[Place]) -> Any:
    names = ("layer", "sector", "part")
    rows = [tuple(_place_columns(place).values()) for place in places]
    return values(*(column(name, Text) for name in names), name="wanted").data(rows)


def _place_columns(place: Place) -> dict[str, str]:
    return {"layer": place.layer.value, "sector": place.sector, "part": place.part}


def _at(table: Any, wanted: Any) -> list[Any]:
    return [table.c[name] == wanted.c[name] for name in ("layer", "sector", "part")]


def _narrowed(table: Any, wanted: dict[str, str]) -> list[Any]:
    return [table.c[name] == literal(value) for name, value in wanted.items()]


def _newest_of(connection: Connection, tenant_id: UUID, places: Collection[Place], columns: Any) -> Iterable[Row[Any]]:
    wanted = _places(places)
    newest = (
        select(*columns)
        .where(version.c.tenant_id == tenant_id, *_at(version, wanted))
        .order_by(version.c.number.desc())
        .limit(1)
        .lateral()
    )
    return connection.execute(select(newest).select_from(wanted.join(newest, true())))


def _newest_release(tenant_id: UUID, wanted: Any) -> Any:
    return (
        select(*_RELEASE)
        .where(released.c.tenant_id == tenant_id, *_at(released, wanted))
        .order_by(released.c.number.desc())
        .limit(1)
        .lateral("newest")
    )


def _releases(tenant_id: UUID) -> Select[Any]:
    return select(*_RELEASE).where(released.c.tenant_id == tenant_id)


def _release(row: Row[Any] | Sequence[Any]) -> Release:
    named = dict(zip((one.name for one in fields(Release)), row, strict=True))
    return Release(**{**named, "shares": tuple(Share.from_json(share) for share in named["shares"])})


def _reading_order(one: Release) -> tuple[int, str, str]:
    return list(LayerName).index(LayerName(one.layer)), one.sector, one.part
