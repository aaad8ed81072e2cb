"""All SQL on strategies themselves, and what is gone when a lead is forgotten."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, case, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from envelope.keys import Keys
from markezy.kernel import personal
from markezy.kernel.ids import new_id
from markezy.strategies.model import PDF, DocumentKind, Strategy, StrategyStatus, StrategySummary
from markezy.strategies.repository.deliveries import of_strategies
from markezy.strategies.repository.outcomes import outcomes_of
from markezy.strategies.tables import delivery, strategy, strategy_composition, strategy_document, strategy_outcome

_STRATEGY = tuple(strategy.c[one.name] for one in fields(Strategy))
_SEALED = ("title", "html", "document", "inputs", "findings")


def insert_strategy(
    connection: Connection, tenant_id: UUID, values: dict[str, Any], version_ids: Collection[UUID]
) -> UUID | None:
    """The new strategy's id, composed of these versions; None when the lead has this `edition` (the first unless `values` say)
    already, or was erased."""
    keys = personal.keys_of_one(connection, tenant_id, values["lead_id"])
    if keys is None:
        return None
    id_ = new_id()
    sealed = {
        name: personal.seal(keys, values[name], f"strategy.{name}", tenant_id, id_)
        for name in _SEALED
        if values.get(name) is not None
    }
    statement = (
        insert(strategy)
        .values(tenant_id=tenant_id, id=id_, status=StrategyStatus.GENERATED, **{**values, **sealed})
        .on_conflict_do_nothing(index_elements=["tenant_id", "lead_id", "edition"])
        .returning(strategy.c.id)
    )
    kept: UUID | None = connection.execute(statement).scalar()
    if kept is not None and version_ids:
        rows = [{"tenant_id": tenant_id, "strategy_id": kept, "version_id": one} for one in version_ids]
        connection.execute(insert(strategy_composition), rows)
    return kept


def change_strategy(
    connection: Connection, tenant_id: UUID, one: Strategy, status: StrategyStatus, **values: Any
) -> bool:
    """Move a strategy on from the status it was read with, with these new values; False when another run did, or the lead was erased."""
    keys = personal.keys_of_one(connection, tenant_id, one.lead_id)
    if keys is None:
        return False
    sealed = {
        name: personal.seal(keys, value, f"strategy.{name}", tenant_id, one.id) if value is not None else None
        for name, value in values.items()
        if name in _SEALED
    }
    changed = connection.execute(
        update(strategy)
        .where(strategy.c.tenant_id == tenant_id, strategy.c.id == one.id, strategy.c.status == one.status)
        .values(status=status, **{**values, **sealed})
    )
    return changed.rowcount == 1


def next_edition(connection: Connection, tenant_id: UUID, lead_id: UUID) -> int:
    """The number of the lead's next strategy."""
    query = select(func.coalesce(func.max(strategy.c.edition), 0) + 1).where(
        strategy.c.tenant_id == tenant_id, strategy.c.lead_id == lead_id
    )
    number: int = connection.execute(query).scalar_one()
    return number


def count_since(connection: Connection, tenant_id: UUID, moment: datetime) -> int:
    """How many strategies were written since `moment`."""
    query = select(func.count()).where(strategy.c.tenant_id == tenant_id, strategy.c.created_at >= moment)
    return connection.execute(query).scalar_one()


def find_strategy(connection: Connection, tenant_id: UUID, strategy_id: UUID) -> Strategy | None:
    """The strategy; None when there is none, or its lead was erased."""
    query = select(*_STRATEGY).where(strategy.c.tenant_id == tenant_id, strategy.c.id == strategy_id)
    row = connection.execute(query).mappings().first()
    keys = personal.keys_of_one(connection, tenant_id, row["lead_id"]) if row else None
    if row is None or keys is None:
        return None
    return _opened(row, keys, tenant_id)


def held(connection: Connection, tenant_id: UUID) -> list[Strategy]:
    """Those that wait for a decision, the longest waiting first, in two queries; not those of erased leads."""
    query = (
        select(*_STRATEGY)
        .where(strategy.c.tenant_id == tenant_id, strategy.c.status == StrategyStatus.HELD)
        .order_by(strategy.c.created_at, strategy.c.id)
    )
    rows = connection.execute(query).mappings().all()
    keys = personal.keys_of(connection, tenant_id, {row["lead_id"] for row in rows})
    return [_opened(row, keys[row["lead_id"]], tenant_id) for row in rows if row["lead_id"] in keys]


def count_held(connection: Connection, tenant_id: UUID) -> int:
    """How many wait for a decision."""
    query = select(func.count()).where(strategy.c.tenant_id == tenant_id, strategy.c.status == StrategyStatus.HELD)
    return connection.execute(query).scalar_one()


def _opened(row: Mapping[Any, Any], keys: Keys, tenant_id: UUID) -> Strategy:
    opened = {name: personal.unseal(keys, row[name], f"strategy.{name}", tenant_id, row["id"]) for name in _SEALED}
    return Strategy(**{**row, **opened})


def summaries(connection: Connection, tenant_id: UUID, condition: ColumnElement[bool]) -> list[StrategySummary]:
    """Strategies with their deliveries and outcomes, newest first, in a fixed number of queries."""
    document = exists().where(
        strategy_document.c.tenant_id == strategy.c.tenant_id,
        strategy_document.c.strategy_id == strategy.c.id,
        strategy_document.c.kind == DocumentKind.STRATEGY,
        strategy_document.c.media_type == PDF,
    )
    query = (
        select(
            strategy.c.id, strategy.c.lead_id, strategy.c.edition, strategy.c.title, strategy.c.status, strategy.c.locale,
            strategy.c.created_at, strategy.c.findings, strategy.c.model, strategy.c.document.is_not(None).label("has_content"),
            document.label("has_pdf"),
        )
        .where(strategy.c.tenant_id == tenant_id, condition)
        .order_by(strategy.c.created_at.desc(), strategy.c.id.desc())
    )  # fmt: skip
    rows = connection.execute(query).all()
    keys = personal.keys_of(connection, tenant_id, {row.lead_id for row in rows})
    sent = of_strategies(connection, tenant_id, {row.id: keys.get(row.lead_id) for row in rows})
    became = outcomes_of(connection, tenant_id, [row.id for row in rows])
    return [
        StrategySummary(
            id=row.id,
            lead_id=row.lead_id,
            edition=row.edition,
            title=personal.unseal(keys.get(row.lead_id), row.title, "strategy.title", tenant_id, row.id) or "",
            status=row.status,
            locale=row.locale,
            created_at=row.created_at,
            has_pdf=row.has_pdf and row.lead_id in keys,
            has_content=row.has_content and row.lead_id in keys,
            findings=_count(
                personal.unseal(keys.get(row.lead_id), row.findings, "strategy.findings", tenant_id, row.id)
            ),
            model=row.model,
            deliveries=tuple(sent[row.id]),
            outcomes=tuple(became[row.id]),
        )
        for row in rows
    ]


def _count(findings: Any) -> int:
    return len(findings or ())


def statuses_of_lead(connection: Connection, tenant_id: UUID, lead_id: UUID) -> dict[UUID, str]:
    """The lead's strategies with how far each has come."""
    query = select(strategy.c.id, strategy.c.status).where(
        strategy.c.tenant_id == tenant_id, strategy.c.lead_id == lead_id
    )
    return dict(connection.execute(query).tuples().all())


def ids_of_leads(connection: Connection, tenant_id: UUID, lead_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """By strategy whose it is, for these leads' strategies."""
    query = select(strategy.c.id, strategy.c.lead_id).where(
        strategy.c.tenant_id == tenant_id, strategy.c.lead_id.in_(lead_ids)
    )
    return dict(connection.execute(query).tuples().all())


def forget_lead(connection: Connection, tenant_id: UUID, lead_id: UUID) -> dict[str, int]:
    """Remove the documents, deliveries and outcomes of the lead's strategies and empty these; how many there were."""
    mine = select(strategy.c.id).where(strategy.c.tenant_id == tenant_id, strategy.c.lead_id == lead_id)
    removed = {}
    for name, table in (("documents", strategy_document), ("deliveries", delivery), ("outcomes", strategy_outcome)):
        gone = connection.execute(
            delete(table).where(table.c.tenant_id == tenant_id, table.c.strategy_id.in_(mine.scalar_subquery()))
        )
        removed[name] = gone.rowcount
    emptied = connection.execute(
        update(strategy)
        .where(strategy.c.tenant_id == tenant_id, strategy.c.lead_id == lead_id)
        .values(
            title=b"", html=b"", document=None, inputs=None, findings=None, content_hash=b"",
            # Nobody decides any more on what was never sent.
            status=case((strategy.c.status == StrategyStatus.HELD, StrategyStatus.SET_ASIDE), else_=strategy.c.status),
        )
    )  # fmt: skip
    return {"strategies": emptied.rowcount, **removed}
