"""Every event carries a hash of itself and of the one before it in its stream, so that a changed or removed one shows."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Two places say what is hashed: this function and markezy.kernel.chain, which computes it again without asking the
# database's functions. Why these columns: docs/decisions/0011-trusted-record.md.
SCHEMA = """
CREATE FUNCTION event_hash(
    previous bytea, tenant_id uuid, stream_id uuid, version integer, id uuid, stream_type text, type text,
    schema_version smallint, data jsonb, actor text, correlation_id text, occurred_at timestamptz
) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(previous || convert_to(json_build_array(
        tenant_id, stream_id, version, id, stream_type, type, schema_version, data, actor, correlation_id,
        (extract(epoch FROM occurred_at) * 1000000)::bigint)::text, 'UTF8'))
$$;
GRANT EXECUTE ON FUNCTION event_hash(
    bytea, uuid, uuid, integer, uuid, text, text, smallint, jsonb, text, text, timestamptz) TO markezy_app;

ALTER TABLE event ADD COLUMN hash bytea CHECK (octet_length(hash) = 32);

-- The version each stream has reached, so that the removal of its last event shows. Conversations have it in
-- conversation.version. Written by a trigger of the owner's only.
CREATE TABLE stream_head (
    tenant_id  uuid NOT NULL REFERENCES tenant,
    stream_id  uuid NOT NULL,
    version    integer NOT NULL CHECK (version > 0),
    PRIMARY KEY (tenant_id, stream_id)
);
"""

# The log refuses changes, and its owner, too, is behind the tenants' wall: both make way for this one time.
BACKFILL = """
ALTER TABLE event NO FORCE ROW LEVEL SECURITY;
ALTER TABLE event DISABLE TRIGGER event_is_append_only;
DO $$
DECLARE
    one event;
    tenant uuid;
    stream uuid;
    previous bytea;
BEGIN
    FOR one IN SELECT * FROM event ORDER BY tenant_id, stream_id, version LOOP
        IF tenant IS DISTINCT FROM one.tenant_id OR stream IS DISTINCT FROM one.stream_id THEN
            previous := '';
        END IF;
        tenant := one.tenant_id;
        stream := one.stream_id;
        previous := event_hash(
            previous, one.tenant_id, one.stream_id, one.version, one.id, one.stream_type, one.type, one.schema_version,
            one.data, one.actor, one.correlation_id, one.occurred_at);
        UPDATE event SET hash = previous WHERE tenant_id = tenant AND stream_id = stream AND version = one.version;
    END LOOP;
END $$;
INSERT INTO stream_head (tenant_id, stream_id, version)
SELECT tenant_id, stream_id, max(version) FROM event WHERE stream_type <> 'conversation' GROUP BY tenant_id, stream_id;
"""

# Deferred foreign-key checks of the backfill have to be done before the table's definition may change again.
WALLS = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE event ENABLE TRIGGER event_is_append_only;
ALTER TABLE event FORCE ROW LEVEL SECURITY;
ALTER TABLE event ALTER COLUMN hash SET NOT NULL;
ALTER TABLE stream_head ENABLE ROW LEVEL SECURITY;
ALTER TABLE stream_head FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON stream_head USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
GRANT SELECT ON stream_head TO markezy_app;
"""

# The first trigger runs as whoever appends and so reads within the tenant; the rows of one statement see each other.
TRIGGERS = """
CREATE FUNCTION chain_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    previous bytea := '';
BEGIN
    IF NEW.version > 1 THEN
        SELECT hash INTO previous FROM public.event
        WHERE tenant_id = NEW.tenant_id AND stream_id = NEW.stream_id AND version = NEW.version - 1;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'version % of stream % has no predecessor', NEW.version, NEW.stream_id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    NEW.hash := public.event_hash(
        previous, NEW.tenant_id, NEW.stream_id, NEW.version, NEW.id, NEW.stream_type, NEW.type, NEW.schema_version,
        NEW.data, NEW.actor, NEW.correlation_id, NEW.occurred_at);
    RETURN NEW;
END $$;
CREATE TRIGGER event_is_chained BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION chain_event();

CREATE FUNCTION witness_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
    INSERT INTO public.stream_head AS head (tenant_id, stream_id, version)
    VALUES (NEW.tenant_id, NEW.stream_id, NEW.version)
    ON CONFLICT (tenant_id, stream_id) DO UPDATE SET version = greatest(head.version, excluded.version);
    RETURN NULL;
END $$;
CREATE TRIGGER event_is_witnessed AFTER INSERT ON event
    FOR EACH ROW WHEN (NEW.stream_type <> 'conversation') EXECUTE FUNCTION witness_event();
"""


def upgrade() -> None:
    op.execute(SCHEMA)
    op.execute(BACKFILL)
    op.execute(WALLS)
    op.execute(TRIGGERS)


def downgrade() -> None:
    raise RuntimeError("a record that could be trusted stays so")
