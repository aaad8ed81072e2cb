"""Published versions of flows stay as they are, drafts tell their revisions apart, and variants are counted quickly."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SCHEMA = """
-- Counts the drafts ever saved, so that a revision never means two different drafts, not even after a publication.
ALTER TABLE flow ADD COLUMN draft_revision integer NOT NULL DEFAULT 0;

CREATE FUNCTION refuse_change_of_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'published versions of flows and their history never change' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER flow_version_is_immutable BEFORE UPDATE OR DELETE ON flow_version
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_versions();
CREATE TRIGGER flow_publication_is_append_only BEFORE UPDATE OR DELETE ON flow_publication
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_versions();
REVOKE UPDATE, DELETE ON flow_version, flow_publication FROM markezy_app;

-- What an experiment is counted from: its assignments since it started, and how these conversations ended.
CREATE INDEX event_experiment_assigned ON event (tenant_id, occurred_at) WHERE type = 'experiment.assigned';
CREATE INDEX event_qualification_completed ON event (tenant_id, stream_id, version)
    WHERE type = 'qualification.completed';
"""

# Flows published before publications were written down. The tables' owner is behind the tenants' wall, too.
BACKFILL = """
ALTER TABLE flow NO FORCE ROW LEVEL SECURITY;
ALTER TABLE flow_version NO FORCE ROW LEVEL SECURITY;
ALTER TABLE flow_publication NO FORCE ROW LEVEL SECURITY;
INSERT INTO flow_publication (tenant_id, id, flow_id, version_id, published_at)
SELECT flow.tenant_id, gen_random_uuid(), flow.id, flow_version.id, flow_version.created_at
FROM flow JOIN flow_version ON flow_version.tenant_id = flow.tenant_id AND flow_version.id = flow.published_version_id
WHERE NOT EXISTS (SELECT FROM flow_publication earlier
                  WHERE earlier.tenant_id = flow.tenant_id AND earlier.flow_id = flow.id);
ALTER TABLE flow FORCE ROW LEVEL SECURITY;
ALTER TABLE flow_version FORCE ROW LEVEL SECURITY;
ALTER TABLE flow_publication FORCE ROW LEVEL SECURITY;
"""


def upgrade() -> None:
    op.execute(SCHEMA)
    op.execute(BACKFILL)


def downgrade() -> None:
    raise RuntimeError("versions and their history are kept")
