"""The agency's language model and what it has cost."""

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, LargeBinary, Numeric, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from markezy.kernel.db import metadata

strategy_model = Table(
    "strategy_model",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("base_url", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("api_key", LargeBinary, nullable=False),
    Column("sections", ARRAY(Text), nullable=False),
    Column("monthly_cap", Numeric(12, 4), nullable=False),
    Column("price_in", Numeric(12, 4), nullable=False),
    Column("price_out", Numeric(12, 4), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

strategy_model_spend = Table(
    "strategy_model_spend",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("month", Date, primary_key=True),
    Column("spent", Numeric(14, 6), nullable=False),
    Column("calls", Integer, nullable=False),
)
