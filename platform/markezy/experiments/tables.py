"""Tables of experiments and their variants."""

from sqlalchemy import Column, DateTime, Integer, Table, Text, Uuid, text

from markezy.kernel.db import metadata

experiment = Table(
    "experiment",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("flow_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("stopped_at", DateTime(timezone=True)),
    Column("created_by", Uuid),
)

experiment_variant = Table(
    "experiment_variant",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("experiment_id", Uuid, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("weight", Integer, nullable=False),
    Column("flow_version_id", Uuid, nullable=False),
)
