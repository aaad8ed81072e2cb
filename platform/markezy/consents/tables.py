"""Texts that were asked with, where, and what was answered."""

from sqlalchemy import Column, DateTime, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from markezy.kernel.db import metadata

consent_text = Table(
    "consent_text",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("purpose", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("texts", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("created_by", Uuid),
)

consent_question = Table(
    "consent_question",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("flow_version_id", Uuid, primary_key=True),
    Column("question", Text, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("version", Integer, nullable=False),
)
"""Which text a flow version asks with."""

consent_receipt = Table(
    "consent_receipt",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("lead_id", Uuid, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("version", Integer),
    Column("locale", Text),
    Column("channel", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("stream_id", Uuid, nullable=False),
    Column("stream_version", Integer, nullable=False),
)
"""The fold of `qualification.consent_recorded` and `consent.withdrawn`."""
