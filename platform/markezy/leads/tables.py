"""The read model of leads, and the files they sent. What tells who a lead is lies in boxes of theirs."""

from sqlalchemy import Boolean, Column, DateTime, Integer, LargeBinary, Table, Text, Uuid, text

from markezy.kernel.db import metadata

lead = Table(
    "lead",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("conversation_id", Uuid, nullable=False),
    Column("channel", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("flow_version_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("end_id", Text),
    Column("score", Integer),
    Column("personal", LargeBinary),
    Column("wants_person", Boolean, nullable=False, server_default=text("false")),
    Column("person", Text, nullable=False, server_default=text("''")),
    Column("pending_question", Text),
    Column("messages", Integer, nullable=False, server_default=text("0")),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("last_message_at", DateTime(timezone=True)),
    Column("completed_at", DateTime(timezone=True)),
    Column("reminded_at", DateTime(timezone=True)),
    Column("erased_at", DateTime(timezone=True)),
)

lead_answer = Table(
    "lead_answer",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("lead_id", Uuid, primary_key=True),
    Column("question", Text, primary_key=True),
    Column("ordinal", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("answered_at", DateTime(timezone=True), nullable=False),
)

upload = Table(
    "upload",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("conversation_id", Uuid, nullable=False),
    Column("question", Text, nullable=False),
    Column("name", LargeBinary, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
"""What leads sent, as the channels keep it; read and removed here."""

inbox = Table(
    "inbox",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("message_id", Text, primary_key=True),
    Column("conversation_id", Uuid, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("processed_at", DateTime(timezone=True)),
    Column("failure", Text),
)
"""Messages as the channels accepted them; read and removed here."""

conversation = Table(
    "conversation",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("lead_id", Uuid, nullable=False),
    Column("channel", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)
"""Conversations as the tracker store keeps them; read only here."""
