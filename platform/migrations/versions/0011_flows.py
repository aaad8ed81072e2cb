"""An agency chooses which of its flows a visitor gets whose page names none."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Since when, not whether: the latest choice counts, so choosing one changes no other row and two choices at once can't clash.
SCHEMA = "ALTER TABLE flow ADD COLUMN default_since timestamptz;"


def upgrade() -> None:
    op.execute(SCHEMA)


def downgrade() -> None:
    op.execute("ALTER TABLE flow DROP COLUMN default_since;")
