"""Strategies are composed of layers in versions that never change; releases say which count; outcomes tell how they do."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Versions from before layers are whole HTML templates. They stay, so that what was written with them can be explained, and are never
# released: `format` tells them apart.
VERSIONS = """
ALTER TABLE strategy_template_version RENAME COLUMN locale TO part;
ALTER TABLE strategy_template_version
    DROP CONSTRAINT strategy_template_version_tenant_id_sector_locale_number_key,
    ADD COLUMN format text NOT NULL DEFAULT 'html' CHECK (format IN ('html', 'layer')),
    ADD COLUMN layer text NOT NULL DEFAULT 'sector' CHECK (layer IN ('base', 'sector', 'agency', 'agency-sector')),
    ADD COLUMN author text NOT NULL DEFAULT '',
    ADD COLUMN note text NOT NULL DEFAULT '',
    ADD CHECK ((layer IN ('base', 'agency')) = (sector = '')),
    ADD UNIQUE (tenant_id, layer, sector, part, number);
ALTER TABLE strategy_template_version
    ALTER COLUMN format DROP DEFAULT, ALTER COLUMN layer DROP DEFAULT, ALTER COLUMN author DROP DEFAULT;

-- The newest release of a part says which of its versions the next strategy gets. A rollback is one, too.
CREATE TABLE strategy_template_release (
    tenant_id       uuid NOT NULL REFERENCES tenant,
    id              uuid NOT NULL,
    layer           text NOT NULL CHECK (layer IN ('base', 'sector', 'agency', 'agency-sector')),
    sector          text NOT NULL,
    part            text NOT NULL,
    number          integer NOT NULL CHECK (number > 0),
    kind            text NOT NULL CHECK (kind IN ('publish', 'experiment', 'rollback')),
    versions        jsonb NOT NULL,
    restores        uuid,
    follows_product boolean NOT NULL,
    author          text NOT NULL,
    note            text NOT NULL DEFAULT '',
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, layer, sector, part, number),
    FOREIGN KEY (tenant_id, restores) REFERENCES strategy_template_release (tenant_id, id),
    CHECK ((layer IN ('base', 'agency')) = (sector = '')),
    CHECK ((kind = 'rollback') OR (restores IS NULL))
);

CREATE TABLE strategy_composition (
    tenant_id    uuid NOT NULL,
    strategy_id  uuid NOT NULL,
    version_id   uuid NOT NULL,
    PRIMARY KEY (tenant_id, strategy_id, version_id),
    FOREIGN KEY (tenant_id, strategy_id) REFERENCES strategy (tenant_id, id),
    FOREIGN KEY (tenant_id, version_id) REFERENCES strategy_template_version (tenant_id, id)
);
CREATE INDEX strategy_composition_by_version ON strategy_composition (tenant_id, version_id, strategy_id);
"""

# The tables' owner is behind the tenants' wall, too.
STRATEGIES = """
ALTER TABLE strategy NO FORCE ROW LEVEL SECURITY;
ALTER TABLE strategy_template_version NO FORCE ROW LEVEL SECURITY;
INSERT INTO strategy_composition (tenant_id, strategy_id, version_id)
SELECT tenant_id, id, template_version_id FROM strategy;
ALTER TABLE strategy FORCE ROW LEVEL SECURITY;
ALTER TABLE strategy_template_version FORCE ROW LEVEL SECURITY;

ALTER TABLE strategy
    DROP COLUMN template_version_id,
    DROP CONSTRAINT strategy_tenant_id_lead_id_key,
    ADD COLUMN edition integer NOT NULL DEFAULT 1 CHECK (edition > 0),
    ADD COLUMN document bytea,
    ADD COLUMN inputs bytea,
    ADD COLUMN model text,
    ADD UNIQUE (tenant_id, lead_id, edition);

ALTER TABLE strategy_document ADD COLUMN kind text NOT NULL DEFAULT 'strategy' CHECK (kind IN ('strategy', 'briefing'));
ALTER TABLE strategy_document
    ALTER COLUMN kind DROP DEFAULT,
    DROP CONSTRAINT strategy_document_pkey,
    ADD PRIMARY KEY (tenant_id, strategy_id, kind, media_type);

CREATE TABLE strategy_outcome (
    tenant_id    uuid NOT NULL,
    strategy_id  uuid NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('opened', 'downloaded', 'meeting_booked', 'won', 'lost')),
    amount       numeric(14, 2) CHECK (amount >= 0),
    currency     text CHECK (currency ~ '^[A-Z]{3}$'),
    at           timestamptz NOT NULL,
    source       text NOT NULL CHECK (source IN ('lead', 'staff', 'crm')),
    PRIMARY KEY (tenant_id, strategy_id, kind),
    FOREIGN KEY (tenant_id, strategy_id) REFERENCES strategy (tenant_id, id),
    CHECK ((amount IS NULL) = (currency IS NULL)),
    CHECK (kind = 'won' OR amount IS NULL)
);
"""

IMMUTABLE = """
CREATE FUNCTION refuse_change_of_templates() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'versions of templates, their releases and what was made of them never change'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER strategy_template_version_is_immutable BEFORE UPDATE OR DELETE ON strategy_template_version
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_templates();
CREATE TRIGGER strategy_template_release_is_append_only BEFORE UPDATE OR DELETE ON strategy_template_release
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_templates();
CREATE TRIGGER strategy_composition_is_immutable BEFORE UPDATE OR DELETE ON strategy_composition
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_templates();
REVOKE UPDATE, DELETE ON strategy_template_version FROM markezy_app;
"""

GRANTS = {
    "strategy_template_release": "SELECT, INSERT",
    "strategy_composition": "SELECT, INSERT",
    "strategy_outcome": "SELECT, INSERT, UPDATE, DELETE",
}


def upgrade() -> None:
    op.execute(VERSIONS)
    op.execute(STRATEGIES)
    op.execute(IMMUTABLE)
    for table, rights in GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant ON {table}"
            " USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())"
        )
        op.execute(f"GRANT {rights} ON {table} TO markezy_app")


def downgrade() -> None:
    raise RuntimeError("what strategies were made of is kept")
