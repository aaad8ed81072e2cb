"""What finds a contact again after its lead was forgotten, why a CRM refused, whose answers are stored, and shares of the inbox."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SCHEMA = """
-- A box of the agency's, only between a lead's erasure and the CRM's answer: the address of a contact whose id never arrived.
ALTER TABLE crm_sync ADD COLUMN contact_key bytea;

ALTER TABLE erasure ADD COLUMN crm_failure text, ADD COLUMN refused_at timestamptz;

-- Whose words the answer holds: it is sealed under that lead's key then.
ALTER TABLE idempotency_key ADD COLUMN lead_id uuid;

DROP INDEX inbox_pending;
CREATE INDEX inbox_pending_of_tenant ON inbox (tenant_id, received_at) WHERE processed_at IS NULL AND failure IS NULL;
"""


def upgrade() -> None:
    op.execute(SCHEMA)


def downgrade() -> None:
    raise RuntimeError("what finds a contact again would be lost")
