"""What a conversation needs beyond its events: drafts and publications of flows, variants, a person's turn, files, ways back."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SCHEMA = """
ALTER TABLE flow_version ADD COLUMN note text NOT NULL DEFAULT '';
ALTER TABLE flow_version ADD COLUMN created_by uuid;

CREATE TABLE flow_draft (
    tenant_id   uuid NOT NULL,
    flow_id     uuid NOT NULL,
    definition  jsonb NOT NULL,
    revision    integer NOT NULL DEFAULT 1,
    updated_at  timestamptz NOT NULL DEFAULT now(),
    updated_by  uuid,
    PRIMARY KEY (tenant_id, flow_id),
    FOREIGN KEY (tenant_id, flow_id) REFERENCES flow (tenant_id, id)
);

-- Which version new conversations got, and since when: the way back is the entry before the last.
CREATE TABLE flow_publication (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    flow_id       uuid NOT NULL,
    version_id    uuid NOT NULL,
    published_at  timestamptz NOT NULL DEFAULT now(),
    published_by  uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, flow_id) REFERENCES flow (tenant_id, id),
    FOREIGN KEY (tenant_id, version_id) REFERENCES flow_version (tenant_id, id)
);
CREATE INDEX flow_publication_by_flow ON flow_publication (tenant_id, flow_id, published_at DESC, id DESC);

CREATE TABLE experiment (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    flow_id     uuid NOT NULL,
    name        text NOT NULL,
    started_at  timestamptz NOT NULL DEFAULT now(),
    stopped_at  timestamptz,
    created_by  uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, flow_id) REFERENCES flow (tenant_id, id)
);
CREATE UNIQUE INDEX experiment_running ON experiment (tenant_id, flow_id) WHERE stopped_at IS NULL;

CREATE TABLE experiment_variant (
    tenant_id        uuid NOT NULL,
    experiment_id    uuid NOT NULL,
    name             text NOT NULL,
    weight           integer NOT NULL CHECK (weight > 0),
    flow_version_id  uuid NOT NULL,
    PRIMARY KEY (tenant_id, experiment_id, name),
    FOREIGN KEY (tenant_id, experiment_id) REFERENCES experiment (tenant_id, id),
    FOREIGN KEY (tenant_id, flow_version_id) REFERENCES flow_version (tenant_id, id)
);

CREATE TABLE handover_settings (
    tenant_id       uuid PRIMARY KEY REFERENCES tenant,
    timezone        text NOT NULL,
    office_hours    jsonb,
    notify_email    text NOT NULL DEFAULT '',
    answer_seconds  integer NOT NULL DEFAULT 180 CHECK (answer_seconds BETWEEN 10 AND 86400)
);

CREATE TABLE handover (
    tenant_id        uuid NOT NULL REFERENCES tenant,
    id               uuid NOT NULL,
    conversation_id  uuid NOT NULL,
    lead_id          uuid NOT NULL,
    status           text NOT NULL CHECK (status IN ('waiting', 'talking', 'away', 'closed')),
    reason           text NOT NULL,
    message          text,
    requested_at     timestamptz NOT NULL,
    taken_at         timestamptz,
    taken_by         uuid,
    closed_at        timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX handover_open ON handover (tenant_id, conversation_id) WHERE status <> 'closed';
CREATE INDEX handover_by_recency ON handover (tenant_id, requested_at DESC, id DESC);

-- What staff say and do in a conversation, in the order the lead shall see it.
CREATE TABLE handover_news (
    tenant_id        uuid NOT NULL,
    id               uuid NOT NULL,
    conversation_id  uuid NOT NULL,
    handover_id      uuid,
    position         bigint GENERATED ALWAYS AS IDENTITY,
    intent           text NOT NULL,
    data             jsonb NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT now(),
    delivered_at     timestamptz,
    failure          text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversation (tenant_id, id)
);
CREATE INDEX handover_news_pending ON handover_news (tenant_id, conversation_id, position)
    WHERE delivered_at IS NULL AND failure IS NULL;

CREATE TABLE upload (
    tenant_id        uuid NOT NULL,
    id               uuid NOT NULL,
    conversation_id  uuid NOT NULL,
    question         text NOT NULL,
    name             text NOT NULL,
    media_type       text NOT NULL,
    size             integer NOT NULL CHECK (size > 0),
    sha256           bytea NOT NULL,
    body             bytea NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversation (tenant_id, id)
);
CREATE INDEX upload_by_conversation ON upload (tenant_id, conversation_id);

CREATE TABLE resuming_settings (
    tenant_id            uuid PRIMARY KEY REFERENCES tenant,
    remind               boolean NOT NULL DEFAULT true,
    remind_after_hours   integer NOT NULL DEFAULT 20 CHECK (remind_after_hours BETWEEN 1 AND 720)
);

-- Letters that bring a lead back: the link they asked for, and at most one reminder a conversation.
CREATE TABLE resume_letter (
    tenant_id        uuid NOT NULL,
    id               uuid NOT NULL,
    conversation_id  uuid NOT NULL,
    kind             text NOT NULL CHECK (kind IN ('link', 'reminder')),
    recipient        text NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT now(),
    sent_at          timestamptz,
    failure          text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversation (tenant_id, id)
);
CREATE UNIQUE INDEX resume_letter_one_reminder ON resume_letter (tenant_id, conversation_id) WHERE kind = 'reminder';

ALTER TABLE lead ADD COLUMN person text NOT NULL DEFAULT '' CHECK (person IN ('', 'waiting', 'talking', 'away'));
ALTER TABLE lead ADD COLUMN pending_question text;
ALTER TABLE lead ADD COLUMN reminded_at timestamptz;
CREATE INDEX lead_idle ON lead (tenant_id, last_message_at) WHERE completed_at IS NULL AND reminded_at IS NULL;
"""

TABLES = (
    "flow_draft", "flow_publication", "experiment", "experiment_variant", "handover_settings", "handover",
    "handover_news", "upload", "resuming_settings", "resume_letter",
)  # fmt: skip


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
    raise RuntimeError("conversations under way need these tables")
