"""All SQL on the PDFs of strategies."""

from uuid import UUID

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert

from markezy.kernel import personal
from markezy.strategies.model import PDF, DocumentKind, StrategyStatus
from markezy.strategies.repository.keys import keys_of_strategy
from markezy.strategies.tables import strategy, strategy_document

_BODY = "strategy_document.body"
_PLACES = {DocumentKind.STRATEGY: (PDF,), DocumentKind.BRIEFING: (PDF, DocumentKind.BRIEFING)}
"""Where the boxes belong. Those of leads' documents were sealed before there were others."""


def insert_document(
    connection: Connection, tenant_id: UUID, strategy_id: UUID, body: bytes, kind: DocumentKind = DocumentKind.STRATEGY
) -> bool:
    """Keep a PDF; with the lead's own the strategy is rendered. False when there is one already, or the lead was erased."""
    keys = keys_of_strategy(connection, tenant_id, strategy_id)
    if keys is None:
        return False
    box = keys.seal(body, personal.context(_BODY, tenant_id, strategy_id, *_PLACES[kind]))
    kept = connection.execute(
        insert(strategy_document)
        .values(tenant_id=tenant_id, strategy_id=strategy_id, kind=kind, media_type=PDF, body=box)
        .on_conflict_do_nothing()
    )
    if kept.rowcount == 0:
        return False
    if kind is DocumentKind.STRATEGY:
        connection.execute(
            update(strategy)
            .where(strategy.c.tenant_id == tenant_id, strategy.c.id == strategy_id)
            .values(status=StrategyStatus.RENDERED)
        )
    return True


def find_document(
    connection: Connection, tenant_id: UUID, strategy_id: UUID, kind: DocumentKind = DocumentKind.STRATEGY
) -> bytes | None:
    """The PDF; None when there is none, or the lead was erased."""
    query = select(strategy_document.c.body).where(
        strategy_document.c.tenant_id == tenant_id,
        strategy_document.c.strategy_id == strategy_id,
        strategy_document.c.kind == kind,
        strategy_document.c.media_type == PDF,
    )
    box: bytes | None = connection.execute(query).scalar()
    keys = None if box is None else keys_of_strategy(connection, tenant_id, strategy_id)
    if box is None or keys is None:
        return None
    return keys.open(box, personal.context(_BODY, tenant_id, strategy_id, *_PLACES[kind]))
