"""What an agency's plan allows."""

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by the part of the house that needs it."""


def downgrade() -> None:
    raise RuntimeError("the record is kept")
