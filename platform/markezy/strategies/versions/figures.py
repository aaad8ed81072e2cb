"""How the versions of one part do, side by side."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from markezy.strategies.versions.history import History
from markezy.strategies.versions.performance import MEASURED, Performance, SideBySide, performance_of, side_by_side
from markezy.strategies.versions.wording import statement


@dataclass(frozen=True)
class PartFigures:
    """The part's versions that wrote strategies, the newest first; and two of them compared, if two were: by outcome what that says."""

    versions: tuple[Performance, ...]
    compared: SideBySide | None = None
    statements: tuple[tuple[str, str], ...] = ()


def figures_of(
    connection: Connection, tenant_id: UUID, history: History, pair: tuple[UUID, UUID] | None, locale: str
) -> PartFigures:
    """The part's figures; what the comparison of the pair says is in the language of `locale`.

    NotFound when one of the pair is no version, Invalid when they are the same or of another part.
    """
    found = performance_of(connection, tenant_id, history.versions) if history.versions else []
    used = tuple(one for one in found if one.strategies)
    if pair is None:
        return PartFigures(used)
    compared = side_by_side(connection, tenant_id, *pair)
    said = tuple((str(outcome), statement(compared, str(outcome), locale)) for outcome in MEASURED)
    return PartFigures(used, compared, said)


def pair_of(history: History) -> tuple[UUID, UUID] | None:
    """The two versions whose comparison asks for itself: of the release in force, with the largest shares; None when it has one."""
    shares = sorted(history.current.shares, key=lambda one: -one.weight) if history.current else []
    return (shares[0].version_id, shares[1].version_id) if len(shares) > 1 else None
