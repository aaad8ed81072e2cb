"""The SQL that counts what became of strategies, by version."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select, true

from markezy.strategies.model import OutcomeKind
from markezy.strategies.tables import delivery, strategy, strategy_composition, strategy_outcome


def counts(connection: Connection, tenant_id: UUID, version_ids: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """By version its `strategies`, those `delivered`, and of these those with each kind of outcome."""
    used = _used(tenant_id, version_ids)
    became = (
        select(*(func.bool_or(strategy_outcome.c.kind == kind.value).label(kind.value) for kind in OutcomeKind))
        .where(strategy_outcome.c.tenant_id == tenant_id, strategy_outcome.c.strategy_id == used.c.strategy_id)
        .lateral("became")
    )
    statement = (
        select(
            used.c.version_id,
            func.count().label("strategies"),
            func.count().filter(used.c.delivered).label("delivered"),
            *(func.count().filter(used.c.delivered & became.c[kind.value]).label(kind.value) for kind in OutcomeKind),
        )
        .select_from(used.join(became, true()))
        .group_by(used.c.version_id)
    )
    rows = [dict(row._mapping) for row in connection.execute(statement)]
    return {row.pop("version_id"): row for row in rows}


def revenue(connection: Connection, tenant_id: UUID, version_ids: Collection[UUID]) -> dict[UUID, dict[str, Decimal]]:
    """By version and currency what its delivered strategies have won."""
    used = _used(tenant_id, version_ids)
    statement = (
        select(used.c.version_id, strategy_outcome.c.currency, func.sum(strategy_outcome.c.amount))
        .select_from(
            used.join(
                strategy_outcome,
                (strategy_outcome.c.tenant_id == tenant_id) & (strategy_outcome.c.strategy_id == used.c.strategy_id),
            )
        )
        .where(used.c.delivered, strategy_outcome.c.amount.is_not(None))
        .group_by(used.c.version_id, strategy_outcome.c.currency)
    )
    found: dict[UUID, dict[str, Decimal]] = {}
    for version_id, currency, amount in connection.execute(statement).tuples():
        found.setdefault(version_id, {})[currency] = amount
    return found


def _used(tenant_id: UUID, version_ids: Collection[UUID]) -> Any:
    """(version, strategy, whether it was delivered). A strategy without a hash was emptied: its lead was forgotten."""
    delivered = (
        select(delivery.c.id)
        .where(
            delivery.c.tenant_id == tenant_id,
            delivery.c.strategy_id == strategy.c.id,
            delivery.c.sent_at.is_not(None),
        )
        .exists()
    )
    return (
        select(strategy_composition.c.version_id, strategy_composition.c.strategy_id, delivered.label("delivered"))
        .join(
            strategy,
            (strategy.c.tenant_id == strategy_composition.c.tenant_id)
            & (strategy.c.id == strategy_composition.c.strategy_id),
        )
        .where(
            strategy_composition.c.tenant_id == tenant_id,
            strategy_composition.c.version_id.in_(version_ids),
            strategy.c.content_hash != b"",
        )
        .subquery("used")
    )
