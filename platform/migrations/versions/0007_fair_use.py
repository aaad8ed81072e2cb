"""What an agency's plan allows, and work handed out fairly between agencies."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SCHEMA = """
-- An agency without a row has the default plan of platform/seeds/plans.yml; overrides replace single figures of it.
CREATE TABLE tenant_plan (
    tenant_id   uuid PRIMARY KEY REFERENCES tenant,
    plan        text NOT NULL,
    overrides   jsonb NOT NULL DEFAULT '{}',
    changed_at  timestamptz NOT NULL DEFAULT now()
);

-- Set while a row is with Celery; a failed attempt clears it, a completed row needs it no more.
ALTER TABLE outbox ADD COLUMN handed_out_at timestamptz;
CREATE INDEX outbox_due_of_tenant ON outbox (tenant_id, due_at) WHERE completed_at IS NULL AND failed_at IS NULL;
"""


def upgrade() -> None:
    op.execute(SCHEMA)
    op.execute("ALTER TABLE tenant_plan ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE tenant_plan FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant ON tenant_plan"
        " USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON tenant_plan TO markezy_app")
    # The relay gives a larger plan more of the workers.
    op.execute("GRANT SELECT (tenant_id, plan) ON tenant_plan TO markezy_relay")
    op.execute("CREATE POLICY relay ON tenant_plan FOR SELECT TO markezy_relay USING (true)")
    op.execute("GRANT UPDATE (handed_out_at) ON outbox TO markezy_relay")


def downgrade() -> None:
    raise RuntimeError("the record is kept")
