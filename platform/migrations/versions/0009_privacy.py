"""Consent, retention, exports and erasure."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SCHEMA = """
-- What was done to forget a lead, step by step. Nothing in it tells who they were.
CREATE TABLE erasure (
    tenant_id     uuid NOT NULL REFERENCES tenant,
    lead_id       uuid NOT NULL,
    requested_by  text NOT NULL,
    reason        text NOT NULL CHECK (reason IN ('staff', 'lead', 'retention')),
    requested_at  timestamptz NOT NULL,
    removed       jsonb NOT NULL DEFAULT '{}',
    forgotten_at  timestamptz,
    crm_at        timestamptz,
    completed_at  timestamptz,
    digest        bytea,
    PRIMARY KEY (tenant_id, lead_id)
);
CREATE INDEX erasure_by_recency ON erasure (tenant_id, requested_at DESC, lead_id DESC);

-- Everything kept of a lead, in one archive sealed under their key. The row outlives the archive.
CREATE TABLE lead_export (
    tenant_id     uuid NOT NULL REFERENCES tenant,
    id            uuid NOT NULL,
    lead_id       uuid NOT NULL,
    requested_by  text NOT NULL,
    requested_at  timestamptz NOT NULL,
    ready_at      timestamptz,
    removed_at    timestamptz,
    failure       text,
    size          integer,
    body          bytea,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX lead_export_by_lead ON lead_export (tenant_id, lead_id, requested_at DESC);
CREATE INDEX lead_export_by_recency ON lead_export (tenant_id, requested_at DESC, id DESC);
CREATE UNIQUE INDEX lead_export_under_way ON lead_export (tenant_id, lead_id) WHERE ready_at IS NULL AND failure IS NULL;

-- For how many days a class of data is kept; an agency without a row has the default of platform/seeds/retention.yml.
CREATE TABLE retention_policy (
    tenant_id   uuid NOT NULL REFERENCES tenant,
    data_class  text NOT NULL,
    days        integer NOT NULL CHECK (days > 0),
    changed_at  timestamptz NOT NULL DEFAULT now(),
    changed_by  text NOT NULL,
    PRIMARY KEY (tenant_id, data_class)
);

-- Each time that data past its period was removed; one that was interrupted goes on where it stopped.
CREATE TABLE retention_run (
    tenant_id    uuid NOT NULL REFERENCES tenant,
    id           uuid NOT NULL,
    started_at   timestamptz NOT NULL,
    finished_at  timestamptz,
    removed      jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX retention_run_under_way ON retention_run (tenant_id) WHERE finished_at IS NULL;
CREATE INDEX retention_run_by_recency ON retention_run (tenant_id, started_at DESC, id DESC);

CREATE INDEX lead_by_activity ON lead (tenant_id, coalesce(last_message_at, started_at), id);
"""

TABLES = ("erasure", "lead_export", "retention_policy", "retention_run")


def upgrade() -> None:
    op.execute(SCHEMA)
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant ON {table}"
            " USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())"
        )
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO markezy_app")
    op.execute("GRANT DELETE ON retention_policy TO markezy_app")


def downgrade() -> None:
    raise RuntimeError("the record is kept")
