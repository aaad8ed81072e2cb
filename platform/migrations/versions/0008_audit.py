"""Who read or changed what, when, from where."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# `id` is a UUIDv7: it says when, and the key's order is the order in time. `network` and `program` are what a session tells about
# itself, the network of an address and never the whole of it. Why nothing here refers to staff or leads: docs/decisions/0017-audit.md.
SCHEMA = """
CREATE TABLE audit_entry (
    tenant_id       uuid NOT NULL REFERENCES tenant,
    id              uuid NOT NULL,
    actor_kind      text NOT NULL CHECK (actor_kind IN ('staff', 'api_key', 'service', 'operator', 'anonymous')),
    actor_id        text NOT NULL,
    session_id      uuid,
    action          text NOT NULL,
    subject_kind    text,
    subject_id      text,
    lead_id         uuid,
    filters         text[] NOT NULL DEFAULT '{}',
    status          smallint NOT NULL,
    network         text NOT NULL DEFAULT '',
    program         text NOT NULL DEFAULT '',
    correlation_id  text NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_entry_by_actor ON audit_entry (tenant_id, actor_id, id);
CREATE INDEX audit_entry_by_action ON audit_entry (tenant_id, action, id);
CREATE INDEX audit_entry_by_lead ON audit_entry (tenant_id, lead_id, id) WHERE lead_id IS NOT NULL;
CREATE INDEX audit_entry_refused ON audit_entry (tenant_id, id) WHERE status >= 400;

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_entry_is_append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_entry_is_not_truncated BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON audit_entry USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
GRANT SELECT, INSERT ON audit_entry TO markezy_app;
"""


def upgrade() -> None:
    op.execute(SCHEMA)


def downgrade() -> None:
    raise RuntimeError("the record is kept")
