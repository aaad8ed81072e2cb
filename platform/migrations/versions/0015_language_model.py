"""The agency's own language model: where it is, what it may cost, what it has cost."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SCHEMA = """
CREATE TABLE strategy_model (
    tenant_id    uuid PRIMARY KEY REFERENCES tenant,
    base_url     text NOT NULL,
    model        text NOT NULL,
    api_key      bytea NOT NULL,
    sections     text[] NOT NULL,
    monthly_cap  numeric(12, 4) NOT NULL CHECK (monthly_cap >= 0),
    price_in     numeric(12, 4) NOT NULL CHECK (price_in >= 0),
    price_out    numeric(12, 4) NOT NULL CHECK (price_out >= 0),
    active       boolean NOT NULL,
    changed_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE strategy_model_spend (
    tenant_id  uuid NOT NULL REFERENCES tenant,
    month      date NOT NULL,
    spent      numeric(14, 6) NOT NULL CHECK (spent >= 0),
    calls      integer NOT NULL,
    PRIMARY KEY (tenant_id, month)
);
"""

GRANTS = {"strategy_model": "SELECT, INSERT, UPDATE, DELETE", "strategy_model_spend": "SELECT, INSERT, UPDATE"}


def upgrade() -> None:
    op.execute(SCHEMA)
    for table, rights in GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant ON {table}"
            " USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())"
        )
        op.execute(f"GRANT {rights} ON {table} TO markezy_app")


def downgrade() -> None:
    raise RuntimeError("what was spent is kept")
