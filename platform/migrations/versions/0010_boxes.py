"""Boxes instead of plain columns wherever a person can be recognised (docs/decisions/0012-sealing.md)."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SCHEMA = """ALTER TABLE conversation DROP COLUMN snapshot, ADD COLUMN snapshot bytea;
ALTER TABLE inbox DROP COLUMN body, ADD COLUMN body bytea NOT NULL;
ALTER TABLE lead
    DROP COLUMN name, DROP COLUMN email, DROP COLUMN phone, DROP COLUMN company, DROP COLUMN page,
    ADD COLUMN personal bytea,
    ADD COLUMN erased_at timestamptz;
ALTER TABLE lead_answer DROP COLUMN label, DROP COLUMN value, DROP COLUMN display, ADD COLUMN content bytea NOT NULL;
ALTER TABLE strategy
    DROP COLUMN title, DROP COLUMN html, ADD COLUMN title bytea NOT NULL, ADD COLUMN html bytea NOT NULL;
ALTER TABLE delivery DROP COLUMN recipient, ADD COLUMN recipient bytea NOT NULL;
ALTER TABLE handover DROP COLUMN message, ADD COLUMN message bytea;
ALTER TABLE handover_news DROP COLUMN data, ADD COLUMN data bytea NOT NULL;
ALTER TABLE upload DROP COLUMN name, DROP COLUMN sha256, ADD COLUMN name bytea NOT NULL;
ALTER TABLE resume_letter DROP COLUMN recipient, ADD COLUMN recipient bytea NOT NULL;
ALTER TABLE idempotency_key DROP COLUMN response, ADD COLUMN response bytea NOT NULL;
"""


def upgrade() -> None:
    op.execute(SCHEMA)


def downgrade() -> None:
    raise RuntimeError("what is sealed has no plain columns to go back to")
