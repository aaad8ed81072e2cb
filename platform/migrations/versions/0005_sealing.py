"""The keys of agencies and leads, and blind indexes."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SCHEMA = """
CREATE TABLE tenant_key (
    tenant_id   uuid NOT NULL REFERENCES tenant,
    purpose     text NOT NULL CHECK (purpose IN ('data', 'index')),
    version     smallint NOT NULL CHECK (version > 0),
    master_id   text NOT NULL,
    wrapped     bytea NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, purpose, version)
);

-- A destroyed key stays as a row without content, so that nobody makes that lead a new one.
CREATE TABLE lead_key (
    tenant_id       uuid NOT NULL REFERENCES tenant,
    lead_id         uuid NOT NULL,
    version         smallint NOT NULL CHECK (version > 0),
    tenant_version  smallint NOT NULL,
    wrapped         bytea,
    created_at      timestamptz NOT NULL DEFAULT now(),
    destroyed_at    timestamptz,
    PRIMARY KEY (tenant_id, lead_id, version),
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);
CREATE INDEX lead_key_by_tenant_version ON lead_key (tenant_id, tenant_version) WHERE wrapped IS NOT NULL;

-- Keyed digests of words and addresses, by which a lead is found without opening anything.
CREATE TABLE blind_index (
    tenant_id  uuid NOT NULL REFERENCES tenant,
    kind       text NOT NULL,
    digest     bytea NOT NULL,
    lead_id    uuid NOT NULL,
    PRIMARY KEY (tenant_id, kind, digest, lead_id)
);
CREATE INDEX blind_index_by_lead ON blind_index (tenant_id, lead_id, kind);

-- What opens a lead's boxes, for the statement that loads a conversation: a row a version, newest first.
CREATE FUNCTION keys_of_lead(wanted_tenant uuid, wanted_lead uuid) RETURNS jsonb LANGUAGE sql STABLE
    RETURN (
        SELECT jsonb_agg(jsonb_build_array(
                   mine.version, mine.tenant_version, encode(mine.wrapped, 'base64'),
                   above.master_id, encode(above.wrapped, 'base64')) ORDER BY mine.version DESC)
        FROM lead_key mine
        LEFT JOIN tenant_key above ON above.tenant_id = mine.tenant_id AND above.purpose = 'data'
              AND above.version = mine.tenant_version
        WHERE mine.tenant_id = wanted_tenant AND mine.lead_id = wanted_lead);
GRANT EXECUTE ON FUNCTION keys_of_lead(uuid, uuid) TO markezy_app;
"""

TABLES = ("tenant_key", "lead_key", "blind_index")


def upgrade() -> None:
    op.execute(SCHEMA)
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant ON {table}"
            " USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())"
        )
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO markezy_app")


def downgrade() -> None:
    raise RuntimeError("what is sealed could never be opened again")
