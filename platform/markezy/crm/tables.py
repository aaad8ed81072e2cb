"""The domain's tables."""

from sqlalchemy import Boolean, Column, DateTime, Integer, LargeBinary, Table, Text, Uuid, text

from markezy.kernel.db import metadata

crm_connection = Table(
    "crm_connection",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("vendor", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("base_url", Text, nullable=False),
    Column("credential", LargeBinary, nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

crm_sync = Table(
    "crm_sync",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("connection_id", Uuid, nullable=False),
    Column("lead_id", Uuid, nullable=False),
    Column("strategy_id", Uuid, nullable=False),
    Column("status", Text, nullable=False),
    Column("contact_id", Text),
    Column("contact_key", LargeBinary),
    Column("deal_id", Text),
    Column("note_id", Text),
    Column("closed_as", LargeBinary),
    Column("meeting_told", Boolean, nullable=False, server_default=text("false")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("last_error", Text),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

crm_look_back = Table(
    "crm_look_back",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("connection_id", Uuid, primary_key=True),
    Column("after_deal", Text, nullable=False, server_default=text("''")),
    Column("due_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("looked_at", DateTime(timezone=True)),
    Column("deals", Integer, nullable=False, server_default=text("0")),
    Column("missing", Integer, nullable=False, server_default=text("0")),
    Column("outcomes", Integer, nullable=False, server_default=text("0")),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("failed_at", DateTime(timezone=True)),
    Column("last_error", Text),
    Column("refused", Boolean, nullable=False, server_default=text("false")),
)
