"""Tables of flows, their drafts, their versions, and which version was live when."""

from sqlalchemy import Column, DateTime, Integer, Table, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from markezy.kernel.db import metadata

flow = Table(
    "flow",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("slug", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("published_version_id", Uuid),
    Column("draft_revision", Integer, nullable=False, server_default=text("0")),
    Column("default_since", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    UniqueConstraint("tenant_id", "slug"),
)

flow_version = Table(
    "flow_version",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("flow_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("definition", JSONB, nullable=False),
    Column("note", Text, nullable=False, server_default=text("''")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("created_by", Uuid),
    UniqueConstraint("tenant_id", "flow_id", "number"),
)

flow_draft = Table(
    "flow_draft",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("flow_id", Uuid, primary_key=True),
    Column("definition", JSONB, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("updated_by", Uuid),
)

flow_publication = Table(
    "flow_publication",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("flow_id", Uuid, nullable=False),
    Column("version_id", Uuid, nullable=False),
    Column("published_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("published_by", Uuid),
)
