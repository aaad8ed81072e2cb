"""The tables of wrapped keys and of blind indexes."""

from sqlalchemy import Column, DateTime, LargeBinary, SmallInteger, Table, Text, Uuid, text

from markezy.kernel.db import metadata

tenant_key = Table(
    "tenant_key",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("purpose", Text, primary_key=True),
    Column("version", SmallInteger, primary_key=True),
    Column("master_id", Text, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

lead_key = Table(
    "lead_key",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("lead_id", Uuid, primary_key=True),
    Column("version", SmallInteger, primary_key=True),
    Column("tenant_version", SmallInteger, nullable=False),
    Column("wrapped", LargeBinary),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("destroyed_at", DateTime(timezone=True)),
)

blind_index = Table(
    "blind_index",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("digest", LargeBinary, primary_key=True),
    Column("lead_id", Uuid, primary_key=True),
)
