"""Templates and releases, strategies and what became of them, addresses without mail. What was written for a lead lies in their boxes."""

from sqlalchemy import Boolean, Column, DateTime, Integer, LargeBinary, Numeric, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from markezy.kernel.db import metadata

strategy_template_version = Table(
    "strategy_template_version",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("format", Text, nullable=False),
    Column("layer", Text, nullable=False),
    Column("sector", Text, nullable=False),
    Column("part", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=text("''")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

strategy_template_release = Table(
    "strategy_template_release",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("layer", Text, nullable=False),
    Column("sector", Text, nullable=False),
    Column("part", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("versions", JSONB, nullable=False),
    Column("restores", Uuid),
    Column("follows_product", Boolean, nullable=False),
    Column("author", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=text("''")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

strategy = Table(
    "strategy",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("lead_id", Uuid, nullable=False),
    Column("edition", Integer, nullable=False, server_default=text("1")),
    Column("status", Text, nullable=False),
    Column("title", LargeBinary, nullable=False),
    Column("locale", Text, nullable=False),
    Column("html", LargeBinary, nullable=False),
    Column("document", LargeBinary),
    Column("inputs", LargeBinary),
    Column("findings", LargeBinary),
    Column("model", Text),
    Column("content_hash", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

strategy_composition = Table(
    "strategy_composition",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("strategy_id", Uuid, primary_key=True),
    Column("version_id", Uuid, primary_key=True),
)

strategy_document = Table(
    "strategy_document",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("strategy_id", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("media_type", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

delivery = Table(
    "delivery",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("strategy_id", Uuid, nullable=False),
    Column("channel", Text, nullable=False),
    Column("recipient", LargeBinary, nullable=False),
    Column("status", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("last_error", Text),
    Column("reason", Text),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("sent_at", DateTime(timezone=True)),
)

strategy_outcome = Table(
    "strategy_outcome",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("strategy_id", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("amount", Numeric(14, 2)),
    Column("currency", Text),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("source", Text, nullable=False),
)

mail_suppression = Table(
    "mail_suppression",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("address_index", LargeBinary, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)
