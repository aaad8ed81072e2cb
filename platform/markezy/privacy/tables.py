"""The record of what was forgotten."""

from sqlalchemy import Column, DateTime, LargeBinary, Table, Text, Uuid, text
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
