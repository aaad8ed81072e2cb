"""Letters with links back, and when reminders are due."""

from sqlalchemy import Boolean, Column, DateTime, Integer, LargeBinary, Table, Text, Uuid, text

from markezy.kernel.db import metadata

resume_letter = Table(
    "resume_letter",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("conversation_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("recipient", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("sent_at", DateTime(timezone=True)),
    Column("failure", Text),
)

resuming_settings = Table(
    "resuming_settings",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("remind", Boolean, nullable=False),
    Column("remind_after_hours", Integer, nullable=False),
)
