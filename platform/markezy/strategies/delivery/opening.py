"""What counts as opened or downloaded (docs/decisions/0023-what-counts-as-opened.md), and when it is kept.

The page runs no script and holds no picture from elsewhere, so the request itself is all there is to judge by.
"""

import re
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection

from markezy.consents import api as consents
from markezy.kernel.errors import Conflict, NotFound
from markezy.kernel.logging import get_logger
from markezy.leads import api as leads
from markezy.strategies.model import OutcomeKind, OutcomeSource, StrategySummary
from markezy.strategies.outcomes import record_outcome

log = get_logger(__name__)

_AHEAD_OF_TIME = re.compile(r"prefetch|prerender|preview", re.IGNORECASE)
_ANNOUNCED = ("sec-purpose", "purpose", "x-purpose", "x-moz")
_PROGRAM = re.compile(r"(?<!cu)bot\b|crawl|spider|preview|externalhit", re.IGNORECASE)
"""How programs that fetch pages for a preview or an index call themselves; Cubot makes telephones."""
_BROWSER = "Mozilla/"
"""What every browser's name has begun with since there were two of them."""


def is_a_persons(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a person seems to have followed a link with a browser. In doubt not: a missed opening is better than one made up."""
    if method != "GET" or any(_AHEAD_OF_TIME.search(headers.get(name, "")) for name in _ANNOUNCED):
        return False
    program = headers.get("user-agent", "")
    if not program.startswith(_BROWSER) or _PROGRAM.search(program):
        return False
    mode = headers.get("sec-fetch-mode")
    if mode is not None:
        return mode == "navigate" and headers.get("sec-fetch-dest", "document") == "document"
    # Older browsers, and all of them on plain HTTP, leave these headers out.
    return "text/html" in headers.get("accept", "")


def note(
    connection: Connection, tenant_id: UUID, strategy: StrategySummary, kind: OutcomeKind, correlation_id: str
) -> None:
    """Keep that the lead did this for the first time: what and when, nothing else. Not once they took back that they want a strategy.

    Nothing here keeps them from reading it.
    """
    if any(one.kind == kind for one in strategy.outcomes) or not _may(connection, tenant_id, strategy.lead_id):
        return
    try:
        with connection.begin_nested():
            record_outcome(
                connection, tenant_id, strategy.id, kind, OutcomeSource.LEAD, correlation_id, actor="visitor"
            )
    except (Conflict, NotFound) as missed:
        log.info("strategies.opening_missed", strategy_id=str(strategy.id), reason=missed.detail)


def _may(connection: Connection, tenant_id: UUID, lead_id: UUID) -> bool:
    try:
        lead = leads.qualified(connection, tenant_id, lead_id)
    except NotFound:
        return False
    return consents.may(connection, tenant_id, lead_id, lead.conversation_id, lead.flow_version_id, consents.STRATEGY)
