"""What the check of a strategy had to say, and a queue of those that wait for staff."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE strategy ADD COLUMN findings bytea")
    op.execute("ALTER TABLE strategy ADD CHECK (status IN ('generated', 'checked', 'held', 'set_aside', 'rendered'))")
    op.execute("CREATE INDEX strategy_held ON strategy (tenant_id, created_at) WHERE status = 'held'")


def downgrade() -> None:
    raise RuntimeError("what was found is kept")
