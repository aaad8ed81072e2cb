"""Second factors, invitations, resets, signing keys, API keys, and what a session tells about itself."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SCHEMA = """
ALTER TABLE staff_user ADD COLUMN deactivated_at timestamptz;

-- `device` is sealed: the caller's network (not the whole address) and what their program calls itself.
ALTER TABLE staff_session
    ADD COLUMN kind text NOT NULL DEFAULT 'api' CHECK (kind IN ('api', 'console')),
    ADD COLUMN last_used_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN device bytea;
CREATE INDEX staff_session_by_user ON staff_session (tenant_id, user_id);

-- `last_step` is the period of the last code that was taken: no code of it, or of an earlier one, counts again.
CREATE TABLE staff_totp (
    tenant_id     uuid NOT NULL,
    user_id       uuid NOT NULL,
    secret        bytea NOT NULL,
    last_step     bigint NOT NULL DEFAULT 0,
    created_at    timestamptz NOT NULL DEFAULT now(),
    confirmed_at  timestamptz,
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES staff_user (tenant_id, id)
);

CREATE TABLE staff_recovery_code (
    tenant_id  uuid NOT NULL,
    user_id    uuid NOT NULL,
    digest     bytea NOT NULL,
    used_at    timestamptz,
    PRIMARY KEY (tenant_id, user_id, digest),
    FOREIGN KEY (tenant_id, user_id) REFERENCES staff_totp (tenant_id, user_id) ON DELETE CASCADE
);

-- The links in the letters are proved by a keyed hash over the row's id and `round`; nothing of them is stored.
CREATE TABLE invitation (
    tenant_id     uuid NOT NULL REFERENCES tenant,
    id            uuid NOT NULL,
    email         text NOT NULL,
    name          text NOT NULL,
    role          text NOT NULL,
    round         integer NOT NULL DEFAULT 1,
    invited_by    uuid NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz NOT NULL,
    accepted_at   timestamptz,
    withdrawn_at  timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, invited_by) REFERENCES staff_user (tenant_id, id)
);
CREATE UNIQUE INDEX invitation_open ON invitation (tenant_id, lower(email))
    WHERE accepted_at IS NULL AND withdrawn_at IS NULL;

CREATE TABLE password_reset (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    user_id     uuid NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES staff_user (tenant_id, id)
);

CREATE TABLE api_key (
    tenant_id     uuid NOT NULL REFERENCES tenant,
    id            uuid NOT NULL,
    prefix        text NOT NULL UNIQUE,
    digest        bytea NOT NULL,
    name          text NOT NULL,
    scopes        text[] NOT NULL,
    created_by    uuid NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz,
    last_used_at  timestamptz,
    revoked_at    timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES staff_user (tenant_id, id)
);
CREATE UNIQUE INDEX api_key_name ON api_key (tenant_id, name) WHERE revoked_at IS NULL;
"""

TABLES = ("staff_totp", "staff_recovery_code", "invitation", "password_reset", "api_key")

# Whose key it is must be known before the tenant is.
DIRECTORY = """
GRANT SELECT (tenant_id, prefix) ON api_key TO markezy_directory;
CREATE POLICY directory ON api_key FOR SELECT TO markezy_directory USING (true);
CREATE FUNCTION tenant_of_api_key(wanted text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public
    RETURN (SELECT tenant_id FROM public.api_key WHERE prefix = wanted);
GRANT CREATE ON SCHEMA public TO markezy_directory;
ALTER FUNCTION tenant_of_api_key(text) OWNER TO markezy_directory;
REVOKE CREATE ON SCHEMA public FROM markezy_directory;
REVOKE EXECUTE ON FUNCTION tenant_of_api_key(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenant_of_api_key(text) TO markezy_app;
"""


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
    op.execute(DIRECTORY)


def downgrade() -> None:
    raise RuntimeError("the record is kept")
