"""The first schema: tenants, events, conversations, leads, strategies, CRM, all behind row-level security."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Tables in the order they are created; each one is walled by `wall_in` below.
SCHEMA = """
CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('markezy.tenant_id', true), '')::uuid;

CREATE TABLE tenant (
    tenant_id   uuid PRIMARY KEY,
    slug        text NOT NULL UNIQUE,
    name        text NOT NULL,
    locale      text NOT NULL,
    sector      text NOT NULL,
    brand       jsonb NOT NULL DEFAULT '{}',
    created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE widget_key (
    tenant_id   uuid NOT NULL REFERENCES tenant,
    key         text NOT NULL UNIQUE,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, key)
);

CREATE TABLE staff_user (
    tenant_id      uuid NOT NULL REFERENCES tenant,
    id             uuid NOT NULL,
    email          text NOT NULL,
    name           text NOT NULL,
    role           text NOT NULL,
    password_hash  text NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX staff_user_email_key ON staff_user (lower(email));

CREATE TABLE staff_session (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    user_id       uuid NOT NULL,
    refresh_hash  bytea NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz NOT NULL,
    revoked_at    timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES staff_user (tenant_id, id)
);

-- tx orders events so that a reader below pg_snapshot_xmin() can neither miss nor overtake one
-- (docs/decisions/0004-event-order.md).
CREATE TABLE event (
    tenant_id       uuid NOT NULL REFERENCES tenant,
    stream_id       uuid NOT NULL,
    version         integer NOT NULL CHECK (version > 0),
    id              uuid NOT NULL,
    stream_type     text NOT NULL,
    type            text NOT NULL,
    schema_version  smallint NOT NULL DEFAULT 1,
    data            jsonb NOT NULL,
    actor           text NOT NULL,
    correlation_id  text NOT NULL,
    occurred_at     timestamptz NOT NULL,
    tx              xid8 NOT NULL DEFAULT pg_current_xact_id(),
    position        bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (tenant_id, stream_id, version),
    UNIQUE (tenant_id, id)
);
CREATE INDEX event_order ON event (tx, position);
CREATE INDEX event_order_of_tenant ON event (tenant_id, tx, position);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the event log is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_is_not_truncated BEFORE TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE projection_cursor (
    tenant_id   uuid NOT NULL REFERENCES tenant,
    projection  text NOT NULL,
    tx          xid8 NOT NULL,
    position    bigint NOT NULL,
    PRIMARY KEY (tenant_id, projection)
);

CREATE TABLE outbox (
    tenant_id       uuid NOT NULL REFERENCES tenant,
    id              uuid NOT NULL,
    task            text NOT NULL,
    payload         jsonb NOT NULL,
    correlation_id  text NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    due_at          timestamptz NOT NULL DEFAULT now(),
    attempts        integer NOT NULL DEFAULT 0,
    completed_at    timestamptz,
    failed_at       timestamptz,
    failure         text,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE completed_at IS NULL AND failed_at IS NULL;

CREATE FUNCTION wake_relay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NOTIFY markezy_outbox;
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_wakes_relay AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION wake_relay();

CREATE TABLE idempotency_key (
    tenant_id     uuid NOT NULL REFERENCES tenant,
    key           text NOT NULL,
    request_hash  bytea NOT NULL,
    status        smallint NOT NULL,
    response      jsonb NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, key)
);

CREATE TABLE flow (
    tenant_id   uuid NOT NULL REFERENCES tenant,
    id          uuid NOT NULL,
    slug        text NOT NULL,
    name        text NOT NULL,
    published_version_id uuid,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, slug)
);

CREATE TABLE flow_version (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    flow_id     uuid NOT NULL,
    number      integer NOT NULL,
    definition  jsonb NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, flow_id, number),
    FOREIGN KEY (tenant_id, flow_id) REFERENCES flow (tenant_id, id)
);
ALTER TABLE flow ADD FOREIGN KEY (tenant_id, published_version_id) REFERENCES flow_version (tenant_id, id);

CREATE TABLE conversation (
    tenant_id        uuid NOT NULL REFERENCES tenant,
    id               uuid NOT NULL,
    lead_id          uuid NOT NULL,
    channel          text NOT NULL,
    locale           text NOT NULL,
    flow_version_id  uuid NOT NULL,
    version          integer NOT NULL,
    snapshot         jsonb,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, lead_id, id),
    FOREIGN KEY (tenant_id, flow_version_id) REFERENCES flow_version (tenant_id, id)
);

CREATE TABLE inbox (
    tenant_id        uuid NOT NULL,
    channel          text NOT NULL,
    message_id       text NOT NULL,
    conversation_id  uuid NOT NULL,
    body             jsonb NOT NULL,
    correlation_id   text NOT NULL,
    received_at      timestamptz NOT NULL DEFAULT now(),
    attempts         integer NOT NULL DEFAULT 0,
    processed_at     timestamptz,
    first_version    integer,
    last_version     integer,
    failure          text,
    PRIMARY KEY (tenant_id, channel, message_id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversation (tenant_id, id)
);
CREATE INDEX inbox_pending ON inbox (received_at) WHERE processed_at IS NULL AND failure IS NULL;

CREATE TABLE lead (
    tenant_id        uuid NOT NULL REFERENCES tenant,
    id               uuid NOT NULL,
    conversation_id  uuid NOT NULL,
    channel          text NOT NULL,
    locale           text NOT NULL,
    flow_version_id  uuid NOT NULL,
    state            text NOT NULL,
    end_id           text,
    score            integer,
    name             text,
    email            text,
    phone            text,
    company          text,
    wants_person     boolean NOT NULL DEFAULT false,
    messages         integer NOT NULL DEFAULT 0,
    page             jsonb NOT NULL DEFAULT '{}',
    started_at       timestamptz NOT NULL,
    last_message_at  timestamptz,
    completed_at     timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX lead_by_recency ON lead (tenant_id, started_at DESC, id DESC);

CREATE TABLE lead_answer (
    tenant_id    uuid NOT NULL,
    lead_id      uuid NOT NULL,
    question     text NOT NULL,
    ordinal      integer NOT NULL,
    label        text NOT NULL,
    value        jsonb NOT NULL,
    display      text NOT NULL,
    answered_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, lead_id, question),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES lead (tenant_id, id)
);

CREATE TABLE strategy_template_version (
    tenant_id   uuid NOT NULL REFERENCES tenant,
    id          uuid NOT NULL,
    sector      text NOT NULL,
    locale      text NOT NULL,
    number      integer NOT NULL,
    source      text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, sector, locale, number)
);

CREATE TABLE strategy (
    tenant_id            uuid NOT NULL,
    id                   uuid NOT NULL,
    lead_id              uuid NOT NULL,
    status               text NOT NULL,
    title                text NOT NULL,
    locale               text NOT NULL,
    template_version_id  uuid NOT NULL,
    html                 text NOT NULL,
    content_hash         bytea NOT NULL,
    created_at           timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, lead_id),
    FOREIGN KEY (tenant_id, template_version_id) REFERENCES strategy_template_version (tenant_id, id)
);

CREATE TABLE strategy_document (
    tenant_id    uuid NOT NULL,
    strategy_id  uuid NOT NULL,
    media_type   text NOT NULL,
    body         bytea NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, strategy_id, media_type),
    FOREIGN KEY (tenant_id, strategy_id) REFERENCES strategy (tenant_id, id)
);

CREATE TABLE delivery (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    strategy_id  uuid NOT NULL,
    channel      text NOT NULL,
    recipient    text NOT NULL,
    status       text NOT NULL,
    attempts     integer NOT NULL DEFAULT 0,
    last_error   text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    sent_at      timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, strategy_id, channel),
    FOREIGN KEY (tenant_id, strategy_id) REFERENCES strategy (tenant_id, id)
);

CREATE TABLE crm_connection (
    tenant_id   uuid NOT NULL REFERENCES tenant,
    id          uuid NOT NULL,
    vendor      text NOT NULL,
    name        text NOT NULL,
    base_url    text NOT NULL,
    credential  bytea NOT NULL,
    active      boolean NOT NULL DEFAULT true,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE crm_sync (
    tenant_id      uuid NOT NULL,
    id             uuid NOT NULL,
    connection_id  uuid NOT NULL,
    lead_id        uuid NOT NULL,
    strategy_id    uuid NOT NULL,
    status         text NOT NULL,
    contact_id     text,
    deal_id        text,
    note_id        text,
    attempts       integer NOT NULL DEFAULT 0,
    last_error     text,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, connection_id, strategy_id),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES crm_connection (tenant_id, id)
);
"""

TABLES = (
    "tenant", "widget_key", "staff_user", "staff_session", "event", "projection_cursor", "outbox",
    "idempotency_key", "flow", "flow_version", "conversation", "inbox", "lead", "lead_answer",
    "strategy_template_version", "strategy", "strategy_document", "delivery", "crm_connection", "crm_sync",
)  # fmt: skip

READ_ACROSS_TENANTS = ("event", "projection_cursor", "outbox", "inbox", "tenant")
"""What the relay may read of every tenant: just enough to know whose work is due."""

# The look-ups that must happen before a tenant is known: whose widget key, whose e-mail address, which tenants there are.
DIRECTORY = """
GRANT SELECT (tenant_id, key) ON widget_key TO markezy_directory;
GRANT SELECT (tenant_id, id, email) ON staff_user TO markezy_directory;
CREATE POLICY directory ON widget_key FOR SELECT TO markezy_directory USING (true);
CREATE POLICY directory ON staff_user FOR SELECT TO markezy_directory USING (true);

CREATE FUNCTION tenant_of_widget_key(wanted text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public
    RETURN (SELECT tenant_id FROM public.widget_key WHERE key = wanted);
CREATE FUNCTION tenant_of_staff_email(wanted text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public
    RETURN (SELECT tenant_id FROM public.staff_user WHERE lower(email) = lower(wanted));

-- For chores that run for every tenant, one scoped transaction after the other. It tells ids, nothing about them.
GRANT SELECT (tenant_id) ON tenant TO markezy_directory;
CREATE POLICY directory ON tenant FOR SELECT TO markezy_directory USING (true);
CREATE FUNCTION tenant_ids() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public
BEGIN ATOMIC
    SELECT tenant_id FROM public.tenant ORDER BY tenant_id;
END;

GRANT CREATE ON SCHEMA public TO markezy_directory;
ALTER FUNCTION tenant_ids() OWNER TO markezy_directory;
ALTER FUNCTION tenant_of_widget_key(text) OWNER TO markezy_directory;
ALTER FUNCTION tenant_of_staff_email(text) OWNER TO markezy_directory;
REVOKE CREATE ON SCHEMA public FROM markezy_directory;
REVOKE EXECUTE ON FUNCTION tenant_of_widget_key(text), tenant_of_staff_email(text), tenant_ids() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenant_of_widget_key(text), tenant_of_staff_email(text), tenant_ids() TO markezy_app;
"""


def wall_in(table: str) -> None:
    """Give `table` its row-level security: every role, its owner included, sees only the current tenant's rows."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant ON {table} USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())"
    )


def upgrade() -> None:
    op.execute(SCHEMA)
    op.execute("GRANT USAGE ON SCHEMA public TO markezy_app, markezy_relay, markezy_directory")
    for table in TABLES:
        wall_in(table)
        rights = "SELECT, INSERT" if table == "event" else "SELECT, INSERT, UPDATE, DELETE"
        op.execute(f"GRANT {rights} ON {table} TO markezy_app")
    for table in READ_ACROSS_TENANTS:
        op.execute(f"GRANT SELECT ON {table} TO markezy_relay")
        op.execute(f"CREATE POLICY relay ON {table} FOR SELECT TO markezy_relay USING (true)")
    op.execute("GRANT UPDATE (due_at, attempts, failed_at, failure) ON outbox TO markezy_relay")
    op.execute("CREATE POLICY relay_claims ON outbox FOR UPDATE TO markezy_relay USING (true) WITH CHECK (true)")
    op.execute("GRANT EXECUTE ON FUNCTION current_tenant() TO markezy_app, markezy_relay")
    op.execute(DIRECTORY)


def downgrade() -> None:
    raise RuntimeError("the first schema has nothing to go back to")
