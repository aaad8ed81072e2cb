"""Consent, retention, exports and erasure."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SCHEMA = """
-- What was done to forget a lead, step by step. Nothing in it tells who they were.
CREATE TABLE erasure (
    tenant_id     uuid NOT NULL REFERENCES tenant,
    lead_id       uuid NOT NULL,
    requested_by  text NOT NULL,
    reason        text NOT NULL CHECK (reason IN ('staff', 'lead', 'retention')),
    requested_at  timestamptz NOT NULL,
    removed       jsonb NOT NULL DEFAULT '{}',
    forgotten_at  timestamptz,
    crm_at        timestamptz,
    completed_at  timestamptz,
    digest        bytea,
    PRIMARY KEY (tenant_id, lead_id)
);
"""

TABLES = ("erasure",)


def upgrade() -> None:
    op.execute(SCHEMA)
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant ON {table}"
            " USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())"
        )
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO markezy_app")


def downgrade() -> None:
    raise RuntimeError("the record is kept")
