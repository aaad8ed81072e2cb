"""Who read or changed what, when, from where."""

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by the part of the house that needs it."""


def downgrade() -> None:
    raise RuntimeError("the record is kept")
