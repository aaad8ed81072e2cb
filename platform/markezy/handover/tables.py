"""Conversations in which a person takes part, what staff say in them, and when somebody is there."""

from sqlalchemy import BigInteger, Column, DateTime, Identity, Integer, LargeBinary, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from markezy.kernel.db import metadata

handover = Table(
    "handover",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("conversation_id", Uuid, nullable=False),
    Column("lead_id", Uuid, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("message", LargeBinary),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("taken_at", DateTime(timezone=True)),
    Column("taken_by", Uuid),
    Column("closed_at", DateTime(timezone=True)),
)

handover_news = Table(
    "handover_news",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("conversation_id", Uuid, nullable=False),
    Column("handover_id", Uuid),
    Column("position", BigInteger, Identity(always=True)),
    Column("intent", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("delivered_at", DateTime(timezone=True)),
    Column("failure", Text),
)

handover_settings = Table(
    "handover_settings",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("timezone", Text, nullable=False),
    Column("office_hours", JSONB(none_as_null=True)),
    Column("notify_email", Text, nullable=False, server_default=text("''")),
    Column("answer_seconds", Integer, nullable=False, server_default=text("180")),
)
