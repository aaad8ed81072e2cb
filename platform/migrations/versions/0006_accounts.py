"""Second factors, invitations, resets, signing keys, API keys, and what a session tells about itself."""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by the part of the house that needs it."""


def downgrade() -> None:
    raise RuntimeError("the record is kept")
