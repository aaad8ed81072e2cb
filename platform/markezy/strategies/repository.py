"""All SQL of the strategy domain."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, case, delete, exists, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from envelope.keys import Keys
from markezy.kernel import personal
from markezy.kernel.clock import now
from markezy.kernel.ids import new_id
from markezy.strategies.model import PDF, Delivery, Strategy, StrategyStatus, StrategySummary, TemplateVersion
from markezy.strategies.tables import delivery, strategy, strategy_document, strategy_template_version

_VERSION = tuple(strategy_template_version.c[one.name] for one in fields(TemplateVersion))
_STRATEGY = tuple(strategy.c[one.name] for one in fields(Strategy))
_DELIVERY = tuple(delivery.c[one.name] for one in fields(Delivery))
_SEALED = ("title", "html")
_BODY = "strategy_document.body"
_RECIPIENT = "delivery.recipient"
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


def newest_version(
    connection: Connection, tenant_id: UUID, sector: str, locales: Sequence[str]
) -> TemplateVersion | None:
    """The newest template of the sector in the first of these languages that has one."""
    preference = case({locale: place for place, locale in enumerate(locales)}, value=strategy_template_version.c.locale)
    query = (
        select(*_VERSION)
        .where(
            strategy_template_version.c.tenant_id == tenant_id,
            strategy_template_version.c.sector == sector,
            strategy_template_version.c.locale.in_(locales),
        )
        .order_by(preference, strategy_template_version.c.number.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return TemplateVersion(*row) if row else None


def sectors(connection: Connection, tenant_id: UUID) -> list[str]:
    """The sectors there are templates for."""
    query = select(strategy_template_version.c.sector).where(strategy_template_version.c.tenant_id == tenant_id)
    return sorted(set(connection.execute(query.distinct()).scalars()))


def insert_version(connection: Connection, tenant_id: UUID, sector: str, locale: str, source: str) -> TemplateVersion:
    """The next version of this template, or the newest when its source is this one already."""
    connection.execute(_LOCK, {"key": f"template:{tenant_id}:{sector}:{locale}"})
    newest = newest_version(connection, tenant_id, sector, [locale])
    if newest is not None and newest.source == source:
        return newest
    values = {
        "tenant_id": tenant_id, "id": new_id(), "sector": sector, "locale": locale, "source": source,
        "number": newest.number + 1 if newest else 1,
    }  # fmt: skip
    row = connection.execute(insert(strategy_template_version).values(values).returning(*_VERSION)).one()
    return TemplateVersion(*row)


def insert_strategy(connection: Connection, tenant_id: UUID, values: dict[str, Any]) -> UUID | None:
    """The new strategy's id; None when the lead has one already, or was erased."""
    keys = personal.keys_of_one(connection, tenant_id, values["lead_id"])
    if keys is None:
        return None
    id_ = new_id()
    sealed = {name: personal.seal(keys, values[name], f"strategy.{name}", tenant_id, id_) for name in _SEALED}
    statement = (
        insert(strategy)
        .values(tenant_id=tenant_id, id=id_, status=StrategyStatus.GENERATED, **{**values, **sealed})
        .on_conflict_do_nothing(index_elements=["tenant_id", "lead_id"])
        .returning(strategy.c.id)
    )
    return connection.execute(statement).scalar()


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
    opened = {name: personal.unseal(keys, row[name], f"strategy.{name}", tenant_id, strategy_id) for name in _SEALED}
    return Strategy(**{**row, **opened})


def summaries(connection: Connection, tenant_id: UUID, condition: ColumnElement[bool]) -> list[StrategySummary]:
    """Strategies with their deliveries, newest first, in two queries."""
    document = exists().where(
        strategy_document.c.tenant_id == strategy.c.tenant_id,
        strategy_document.c.strategy_id == strategy.c.id,
        strategy_document.c.media_type == PDF,
    )
    query = (
        select(
            strategy.c.id, strategy.c.lead_id, strategy.c.title, strategy.c.status, strategy.c.locale, strategy.c.created_at,
            document.label("has_pdf"),
        )
        .where(strategy.c.tenant_id == tenant_id, condition)
        .order_by(strategy.c.created_at.desc(), strategy.c.id.desc())
    )  # fmt: skip
    rows = connection.execute(query).all()
    keys = personal.keys_of(connection, tenant_id, {row.lead_id for row in rows})
    sent = _deliveries(connection, tenant_id, {row.id: keys.get(row.lead_id) for row in rows})
    return [
        StrategySummary(
            id=row.id,
            lead_id=row.lead_id,
            title=personal.unseal(keys.get(row.lead_id), row.title, "strategy.title", tenant_id, row.id) or "",
            status=row.status,
            locale=row.locale,
            created_at=row.created_at,
            has_pdf=row.has_pdf and row.lead_id in keys,
            deliveries=tuple(sent[row.id]),
        )
        for row in rows
    ]


def ids_of_leads(connection: Connection, tenant_id: UUID, lead_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """By strategy whose it is, for these leads' strategies."""
    query = select(strategy.c.id, strategy.c.lead_id).where(
        strategy.c.tenant_id == tenant_id, strategy.c.lead_id.in_(lead_ids)
    )
    return dict(connection.execute(query).tuples().all())


def insert_document(connection: Connection, tenant_id: UUID, strategy_id: UUID, body: bytes) -> bool:
    """Keep the PDF and mark the strategy as rendered; False when there is one already, or the lead was erased."""
    keys = _keys(connection, tenant_id, strategy_id)
    if keys is None:
        return False
    box = keys.seal(body, personal.context(_BODY, tenant_id, strategy_id, PDF))
    kept = connection.execute(
        insert(strategy_document)
        .values(tenant_id=tenant_id, strategy_id=strategy_id, media_type=PDF, body=box)
        .on_conflict_do_nothing()
    )
    if kept.rowcount == 0:
        return False
    connection.execute(
        update(strategy)
        .where(strategy.c.tenant_id == tenant_id, strategy.c.id == strategy_id)
        .values(status=StrategyStatus.RENDERED)
    )
    return True


def find_document(connection: Connection, tenant_id: UUID, strategy_id: UUID) -> bytes | None:
    """The PDF; None when there is none, or the lead was erased."""
    query = select(strategy_document.c.body).where(
        strategy_document.c.tenant_id == tenant_id,
        strategy_document.c.strategy_id == strategy_id,
        strategy_document.c.media_type == PDF,
    )
    box: bytes | None = connection.execute(query).scalar()
    keys = None if box is None else _keys(connection, tenant_id, strategy_id)
    if box is None or keys is None:
        return None
    return keys.open(box, personal.context(_BODY, tenant_id, strategy_id, PDF))


def forget_lead(connection: Connection, tenant_id: UUID, lead_id: UUID) -> dict[str, int]:
    """Remove the documents and deliveries of the lead's strategies and empty the strategies; how many there were."""
    mine = select(strategy.c.id).where(strategy.c.tenant_id == tenant_id, strategy.c.lead_id == lead_id)
    removed = {}
    for name, table in (("documents", strategy_document), ("deliveries", delivery)):
        gone = connection.execute(
            delete(table).where(table.c.tenant_id == tenant_id, table.c.strategy_id.in_(mine.scalar_subquery()))
        )
        removed[name] = gone.rowcount
    emptied = connection.execute(
        update(strategy)
        .where(strategy.c.tenant_id == tenant_id, strategy.c.lead_id == lead_id)
        .values(title=b"", html=b"", content_hash=b"")
    )
    return {"strategies": emptied.rowcount, **removed}


def claim_delivery(connection: Connection, tenant_id: UUID, strategy_id: UUID, channel: str, recipient: str) -> bool:
    """Note another try to deliver; False when it was delivered already, or the lead was erased."""
    keys = _keys(connection, tenant_id, strategy_id)
    if keys is None:
        return False
    box = personal.seal(keys, recipient, _RECIPIENT, tenant_id, strategy_id, channel)
    statement = insert(delivery).values(
        tenant_id=tenant_id, id=new_id(), strategy_id=strategy_id, channel=channel, recipient=box,
        status="pending", attempts=1,
    )  # fmt: skip
    statement = statement.on_conflict_do_update(
        index_elements=["tenant_id", "strategy_id", "channel"],
        set_={"attempts": delivery.c.attempts + 1, "recipient": box, "status": "pending"},
        where=delivery.c.sent_at.is_(None),
    )
    return connection.execute(statement.returning(delivery.c.id)).first() is not None


def note_delivered(connection: Connection, tenant_id: UUID, strategy_id: UUID, channel: str) -> bool:
    """The delivery went out; False when another run noted that before."""
    return _change(connection, tenant_id, strategy_id, channel, status="sent", sent_at=now(), last_error=None)


def note_withheld(connection: Connection, tenant_id: UUID, strategy_id: UUID, channel: str) -> None:
    """The lead does not want to be written to; nothing was sent."""
    _change(connection, tenant_id, strategy_id, channel, status="withheld", last_error=None)


def note_trouble(
    connection: Connection, tenant_id: UUID, strategy_id: UUID, channel: str, error: str, final: bool
) -> None:
    """Why the last try failed, without personal data."""
    _change(connection, tenant_id, strategy_id, channel, status="failed" if final else "pending", last_error=error)


def _change(connection: Connection, tenant_id: UUID, strategy_id: UUID, channel: str, **values: Any) -> bool:
    changed = connection.execute(
        update(delivery)
        .where(
            delivery.c.tenant_id == tenant_id,
            delivery.c.strategy_id == strategy_id,
            delivery.c.channel == channel,
            delivery.c.sent_at.is_(None),
        )
        .values(**values)
    )
    return changed.rowcount == 1


def _keys(connection: Connection, tenant_id: UUID, strategy_id: UUID) -> Keys | None:
    whose = select(strategy.c.lead_id).where(strategy.c.tenant_id == tenant_id, strategy.c.id == strategy_id)
    return personal.keys_of_one(connection, tenant_id, connection.execute(whose).scalar_one())


def _deliveries(
    connection: Connection, tenant_id: UUID, strategies: Mapping[UUID, Keys | None]
) -> dict[UUID, list[Delivery]]:
    found: dict[UUID, list[Delivery]] = {strategy_id: [] for strategy_id in strategies}
    query = (
        select(delivery.c.strategy_id, *_DELIVERY)
        .where(delivery.c.tenant_id == tenant_id, delivery.c.strategy_id.in_(strategies))
        .order_by(delivery.c.created_at)
    )
    for row in connection.execute(query).mappings():
        strategy_id, keys = row["strategy_id"], strategies[row["strategy_id"]]
        recipient = personal.unseal(keys, row["recipient"], _RECIPIENT, tenant_id, strategy_id, row["channel"]) or ""
        plain = {column.name: row[column.name] for column in _DELIVERY}
        found[strategy_id].append(Delivery(**{**plain, "recipient": recipient}))
    return found
