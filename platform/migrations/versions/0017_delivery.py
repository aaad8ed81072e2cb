"""Addresses that get no mail, and why a delivery was withheld."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SCHEMA = """
CREATE TABLE mail_suppression (
    tenant_id      uuid NOT NULL REFERENCES tenant,
    address_index  bytea NOT NULL,
    reason         text NOT NULL CHECK (reason IN ('unsubscribed', 'bounced', 'complained')),
    at             timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, address_index)
);

ALTER TABLE mail_suppression ENABLE ROW LEVEL SECURITY;
ALTER TABLE mail_suppression FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON mail_suppression USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON mail_suppression TO markezy_app;

ALTER TABLE delivery ADD COLUMN reason text;
"""


def upgrade() -> None:
    op.execute(SCHEMA)


def downgrade() -> None:
    raise RuntimeError("whoever wants no mail gets none")
