"""How far each CRM connection was read for what became of our deals, and what was told of each."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

SCHEMA = """
CREATE TABLE crm_look_back (
    tenant_id      uuid NOT NULL,
    connection_id  uuid NOT NULL,
    after_deal     text NOT NULL DEFAULT '',
    due_at         timestamptz NOT NULL DEFAULT now(),
    looked_at      timestamptz,
    deals          integer NOT NULL DEFAULT 0,
    missing        integer NOT NULL DEFAULT 0,
    outcomes       integer NOT NULL DEFAULT 0,
    failures       integer NOT NULL DEFAULT 0,
    failed_at      timestamptz,
    last_error     text,
    refused        boolean NOT NULL DEFAULT false,
    PRIMARY KEY (tenant_id, connection_id),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES crm_connection (tenant_id, id)
);

ALTER TABLE crm_look_back ENABLE ROW LEVEL SECURITY;
ALTER TABLE crm_look_back FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON crm_look_back USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON crm_look_back TO markezy_app;

ALTER TABLE crm_sync ADD COLUMN closed_as bytea, ADD COLUMN meeting_told boolean NOT NULL DEFAULT false;
CREATE INDEX crm_sync_deal ON crm_sync (tenant_id, connection_id, deal_id) WHERE deal_id IS NOT NULL;
"""


def upgrade() -> None:
    op.execute(SCHEMA)


def downgrade() -> None:
    raise RuntimeError("what a CRM has told would be told again")
