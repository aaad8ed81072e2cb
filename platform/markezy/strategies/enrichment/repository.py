"""All SQL of the language model's settings and costs."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from markezy.kernel import personal
from markezy.strategies.enrichment.settings import ModelSettings
from markezy.strategies.enrichment.tables import strategy_model, strategy_model_spend

_API_KEY = "strategy_model.api_key"


@dataclass(frozen=True)
class Spend:
    """What a month has cost so far, reservations of running calls included."""

    spent: Decimal
    calls: int


def find_settings(connection: Connection, tenant_id: UUID) -> ModelSettings | None:
    """The agency's model; None when it has none."""
    row = connection.execute(select(strategy_model).where(strategy_model.c.tenant_id == tenant_id)).mappings().first()
    if row is None:
        return None
    keys = personal.tenant_keys(connection, tenant_id)
    return ModelSettings(
        base_url=row["base_url"],
        model=row["model"],
        api_key=personal.unseal(keys, row["api_key"], _API_KEY, tenant_id),
        sections=tuple(row["sections"]),
        monthly_cap=row["monthly_cap"],
        price_in=row["price_in"],
        price_out=row["price_out"],
        active=row["active"],
    )


def save_settings(connection: Connection, tenant_id: UUID, settings: ModelSettings) -> None:
    """These are the agency's settings from now on."""
    keys = personal.tenant_keys(connection, tenant_id)
    values = {
        **vars(settings), "sections": list(settings.sections),
        "api_key": personal.seal(keys, settings.api_key, _API_KEY, tenant_id), "changed_at": func.now(),
    }  # fmt: skip
    statement = insert(strategy_model).values(tenant_id=tenant_id, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["tenant_id"], set_=values))


def remove_settings(connection: Connection, tenant_id: UUID) -> bool:
    """Forget the model; what it has cost stays. False when there was none."""
    return connection.execute(delete(strategy_model).where(strategy_model.c.tenant_id == tenant_id)).rowcount == 1


def spend_of(connection: Connection, tenant_id: UUID, month: date) -> Spend:
    """What the month beginning on this day has cost."""
    query = select(strategy_model_spend.c.spent, strategy_model_spend.c.calls).where(
        strategy_model_spend.c.tenant_id == tenant_id, strategy_model_spend.c.month == month
    )
    row = connection.execute(query).first()
    return Spend(*row) if row else Spend(Decimal(0), 0)


def reserve(connection: Connection, tenant_id: UUID, month: date, most: Decimal, cap: Decimal) -> bool:
    """Set aside the most that a call can cost; False, and nothing happens, when the month's cap does not allow it."""
    if most > cap:
        return False
    statement = insert(strategy_model_spend).values(tenant_id=tenant_id, month=month, spent=most, calls=1)
    spent = strategy_model_spend.c.spent + most
    statement = statement.on_conflict_do_update(
        index_elements=["tenant_id", "month"],
        set_={"spent": spent, "calls": strategy_model_spend.c.calls + 1},
        where=spent <= cap,
    )
    return connection.execute(statement.returning(strategy_model_spend.c.calls)).first() is not None


def settle(connection: Connection, tenant_id: UUID, month: date, reserved: Decimal, cost: Decimal) -> None:
    """The call is over and cost this instead of what was set aside."""
    connection.execute(
        update(strategy_model_spend)
        .where(strategy_model_spend.c.tenant_id == tenant_id, strategy_model_spend.c.month == month)
        .values(spent=strategy_model_spend.c.spent - reserved + cost)
    )
