"""Strategy templates, strategies, their documents and deliveries. What was written for a lead lies in boxes of theirs."""

from sqlalchemy import Column, DateTime, Integer, LargeBinary, Table, Text, Uuid, text

from markezy.kernel.db import metadata

strategy_template_version = Table(
    "strategy_template_version",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("sector", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

strategy = Table(
    "strategy",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("lead_id", Uuid, nullable=False),
    Column("status", Text, nullable=False),
    Column("title", LargeBinary, nullable=False),
    Column("locale", Text, nullable=False),
    Column("template_version_id", Uuid, nullable=False),
    Column("html", LargeBinary, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

strategy_document = Table(
    "strategy_document",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("strategy_id", Uuid, primary_key=True),
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
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("sent_at", DateTime(timezone=True)),
)
