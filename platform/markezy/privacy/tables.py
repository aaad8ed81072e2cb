"""What was forgotten, what was handed out, and for how long things are kept."""

from sqlalchemy import Column, DateTime, Integer, LargeBinary, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from markezy.kernel.db import metadata

erasure = Table(
    "erasure",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("lead_id", Uuid, primary_key=True),
    Column("requested_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("removed", JSONB, nullable=False, server_default=text("'{}'")),
    Column("forgotten_at", DateTime(timezone=True)),
    Column("crm_at", DateTime(timezone=True)),
    Column("crm_failure", Text),
    Column("refused_at", DateTime(timezone=True)),
    Column("completed_at", DateTime(timezone=True)),
    Column("digest", LargeBinary),
)

lead_export = Table(
    "lead_export",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("lead_id", Uuid, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("ready_at", DateTime(timezone=True)),
    Column("removed_at", DateTime(timezone=True)),
    Column("failure", Text),
    Column("size", Integer),
    Column("body", LargeBinary),
)

retention_policy = Table(
    "retention_policy",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("data_class", Text, primary_key=True),
    Column("days", Integer, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("changed_by", Text, nullable=False),
)

retention_run = Table(
    "retention_run",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
    Column("removed", JSONB, nullable=False, server_default=text("'{}'")),
)
