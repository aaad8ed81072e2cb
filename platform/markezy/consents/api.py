"""The door to consents: what leads agreed to, with which words, and what may be done therefore.

Functions take a connection whose transaction is scoped to the tenant and never commit. What may be done is read from the log;
receipts follow it with a short delay.
"""

from uuid import UUID

from sqlalchemy import Connection

from markezy.consents import repository
from markezy.consents.model import CONTACT, STRATEGY, Asked, ConsentText, Decision, Receipt, Renewal
from markezy.consents.projector import project
from markezy.consents.service import decided, may, outdated, register, withdraw
from markezy.kernel import cursors
from markezy.kernel.errors import Invalid

__all__ = [
    "CONTACT", "LARGEST_PAGE", "PROJECTION_NAME", "STRATEGY", "Asked", "ConsentText", "Decision", "Receipt", "Renewal",
    "decided", "may", "outdated", "project", "receipts_of", "receipts_page", "register", "texts", "withdraw",
]  # fmt: skip

PROJECTION_NAME = "consents"
LARGEST_PAGE = 100
_MOST_OF_ONE_LEAD = 1000


def texts(connection: Connection, tenant_id: UUID) -> list[ConsentText]:
    """All versions of all texts, by purpose, the newest first."""
    return repository.texts(connection, tenant_id)


def receipts_of(connection: Connection, tenant_id: UUID, lead_id: UUID) -> list[Receipt]:
    """What one lead decided, the newest first."""
    return repository.receipts(connection, tenant_id, lead_id, None, _MOST_OF_ONE_LEAD)


def receipts_page(
    connection: Connection, tenant_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[Receipt], str | None]:
    """Everybody's decisions, the newest first, and the cursor of the next page. Malformed or Invalid when the wish is none."""
    if not 1 <= limit <= LARGEST_PAGE:
        raise Invalid(f"A page has 1 to {LARGEST_PAGE} entries.")
    found = repository.receipts(connection, tenant_id, None, _place(cursor) if cursor else None, limit + 1)
    page = found[:limit]
    return page, cursors.encode(str(page[-1].id)) if len(found) > limit else None


def _place(cursor: str) -> UUID:
    (id_,) = cursors.decode(cursor, 1)
    try:
        return UUID(id_)
    except ValueError:
        raise cursors.bad_cursor() from None
