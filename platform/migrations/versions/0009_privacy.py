"""Consent, retention, exports and erasure."""

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by the part of the house that needs it."""


def downgrade() -> None:
    raise RuntimeError("the record is kept")
