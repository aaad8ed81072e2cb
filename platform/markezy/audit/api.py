"""The door to the audit: looking entries up, and taking them along as a file.

Functions take a connection whose transaction is scoped to the tenant and never commit.
"""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from sqlalchemy import Connection

from markezy.accounts import api as accounts
from markezy.audit import repository
from markezy.audit.model import DONE, OUTCOMES, REFUSED, Filter, Found, Names, Onlooker, Page
from markezy.audit.sheet import as_csv
from markezy.kernel import cursors
from markezy.kernel.errors import Invalid
from markezy.kernel.ids import time_of

__all__ = [
    "DONE", "LARGEST_PAGE", "MOST_EXPORTED", "OUTCOMES", "REFUSED", "Filter", "Found", "Onlooker", "Page", "as_csv", "entries",
    "onlookers",
]  # fmt: skip

LARGEST_PAGE = 100
MOST_EXPORTED = 50_000
"""Entries in one file: some ten megabytes, which a handler may hold in memory."""


def entries(
    connection: Connection,
    tenant_id: UUID,
    wanted: Filter,
    *,
    cursor: str | None = None,
    limit: int = 50,
    most: int = LARGEST_PAGE,
) -> Page:
    """Entries that fit, newest first. Malformed when the cursor is not one of ours, Invalid for a limit out of range."""
    if not 1 <= limit <= most:
        raise Invalid(f"limit goes from 1 to {most}.")
    found = repository.entries(connection, tenant_id, wanted, _place(cursor) if cursor else None, limit + 1)
    page = found[:limit]
    names = _names(connection, tenant_id, [(each.actor_kind, each.actor_id) for each in page] + _subjects(page))
    return Page(
        tuple(
            replace(each, actor_name=names.get(each.actor_id), subject_name=names.get(each.subject_id or ""))
            for each in page
        ),
        cursors.encode(str(page[-1].id)) if len(found) > limit else None,
    )


def onlookers(connection: Connection, tenant_id: UUID, lead_id: UUID, limit: int = 5) -> list[Onlooker]:
    """Who had to do with a lead, the last ones first."""
    rows = repository.onlookers(connection, tenant_id, lead_id, limit)
    names = _names(connection, tenant_id, [(row.actor_kind, row.actor_id) for row in rows])
    return [
        Onlooker(row.actor_kind, row.actor_id, names.get(row.actor_id), row.times, time_of(UUID(row.last)))
        for row in rows
    ]


def _subjects(page: Iterable[Found]) -> list[tuple[str, str]]:
    kinds = {"user": "staff", "key": "api_key"}
    return [
        (kinds[each.subject_kind], each.subject_id) for each in page if each.subject_kind in kinds and each.subject_id
    ]


def _names(connection: Connection, tenant_id: UUID, whose: Iterable[tuple[str, str]]) -> Names:
    """What members of staff and API keys are called, also those who are gone."""
    known: dict[str, set[UUID]] = {"staff": set(), "api_key": set()}
    for kind, id_ in whose:
        if kind in known and _is_id(id_):
            known[kind].add(UUID(id_))
    users = accounts.users_of(connection, tenant_id, known["staff"])
    keys = accounts.api_key_names(connection, tenant_id, known["api_key"])
    return {str(user.id): user.name for user in users} | {str(id_): name for id_, name in keys.items()}


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _place(cursor: str) -> UUID:
    try:
        return UUID(cursors.decode(cursor, 1)[0])
    except ValueError:
        raise cursors.bad_cursor() from None
