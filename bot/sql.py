"""The tracker store's statements. Each is one atomic statement that names its tenant, whatever the policies also do."""

LOAD = """
SELECT c.version, c.snapshot, c.locale, c.lead_id, keys_of_lead(c.tenant_id, c.lead_id) AS keys,
       i.first_version, i.last_version,
       i.message_id IS NOT NULL AS in_inbox, i.processed_at IS NOT NULL AS processed
FROM conversation c
LEFT JOIN inbox i ON i.tenant_id = c.tenant_id AND i.channel = %(channel)s AND i.message_id = %(message_id)s
                 AND i.conversation_id = c.id
WHERE c.tenant_id = %(tenant_id)s AND c.id = %(id)s
"""

EXISTS = "SELECT 1 FROM conversation WHERE tenant_id = %(tenant_id)s AND id = %(id)s"

STREAM = """
SELECT version, id, type, schema_version, data, occurred_at
FROM event
WHERE tenant_id = %(tenant_id)s AND stream_id = %(id)s AND stream_type = 'conversation' AND version <= %(up_to)s
ORDER BY version
"""

# The first part is the gate: it takes the conversation's row lock and checks the version and the inbox. When it lets
# nothing through, the other two do nothing either.
APPEND = """
WITH moved AS (
    UPDATE conversation
    SET version = %(last)s, snapshot = %(snapshot)s::bytea, updated_at = now()
    WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND version = %(expected)s
      AND (%(message_id)s::text IS NULL OR EXISTS (
            SELECT FROM inbox
            WHERE tenant_id = %(tenant_id)s AND channel = %(channel)s AND message_id = %(message_id)s
              AND conversation_id = %(id)s AND processed_at IS NULL))
    RETURNING id
), answered AS (
    UPDATE inbox
    SET processed_at = now(), first_version = %(first)s, last_version = %(last)s
    WHERE tenant_id = %(tenant_id)s AND channel = %(channel)s AND message_id = %(message_id)s
      AND processed_at IS NULL AND EXISTS (SELECT FROM moved)
)
INSERT INTO event (tenant_id, stream_id, stream_type, version, id, type, schema_version, actor, data, correlation_id,
                   occurred_at)
SELECT %(tenant_id)s, %(id)s, 'conversation', e.version, e.id, e.type, e.schema_version, e.actor, e.data, %(correlation_id)s,
       e.occurred_at
FROM jsonb_to_recordset(%(events)s::jsonb)
     AS e (version integer, id uuid, type text, schema_version smallint, actor text, data jsonb, occurred_at timestamptz)
WHERE EXISTS (SELECT FROM moved)
ORDER BY e.version
"""
