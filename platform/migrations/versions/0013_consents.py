"""Consent: texts by version, which flow version asks with which, and what leads answered."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SCHEMA = """
CREATE TABLE consent_text (
    tenant_id   uuid NOT NULL REFERENCES tenant,
    purpose     text NOT NULL,
    version     integer NOT NULL CHECK (version > 0),
    texts       jsonb NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    created_by  uuid,
    PRIMARY KEY (tenant_id, purpose, version)
);

CREATE TABLE consent_question (
    tenant_id        uuid NOT NULL,
    flow_version_id  uuid NOT NULL,
    question         text NOT NULL,
    purpose          text NOT NULL,
    version          integer NOT NULL,
    PRIMARY KEY (tenant_id, flow_version_id, question),
    FOREIGN KEY (tenant_id, flow_version_id) REFERENCES flow_version (tenant_id, id),
    FOREIGN KEY (tenant_id, purpose, version) REFERENCES consent_text (tenant_id, purpose, version)
);

-- A read model: the proof is the event itself.
CREATE TABLE consent_receipt (
    tenant_id       uuid NOT NULL REFERENCES tenant,
    id              uuid NOT NULL,
    lead_id         uuid NOT NULL,
    purpose         text NOT NULL,
    decision        text NOT NULL CHECK (decision IN ('given', 'refused', 'withdrawn')),
    version         integer,
    locale          text,
    channel         text NOT NULL,
    actor           text NOT NULL,
    at              timestamptz NOT NULL,
    stream_id       uuid NOT NULL,
    stream_version  integer NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX consent_receipt_by_lead ON consent_receipt (tenant_id, lead_id, at);

-- What a lead agreed to must be there, word for word, for as long as the agreement counts.
CREATE FUNCTION refuse_change_of_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'texts of consent never change' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER consent_text_is_immutable BEFORE UPDATE OR DELETE ON consent_text
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_consent();
CREATE TRIGGER consent_question_is_immutable BEFORE UPDATE OR DELETE ON consent_question
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_consent();
"""

GRANTS = {
    "consent_text": "SELECT, INSERT",
    "consent_question": "SELECT, INSERT",
    "consent_receipt": "SELECT, INSERT, UPDATE, DELETE",
}


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
    raise RuntimeError("the record is kept")
