"""The channels' SQL on conversations: whose key, a new one, what a turn must know, and the transcript."""

from dataclasses import dataclass, field
from typing import Any

import uuid_utils
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from bot.keys import NoKeys, begin, lead_keys, opened_row
from bot.transcript import Entry, entry
from channels.database import fetching
from channels.experiments import Assignment, Experiment, Variant
from envelope.events import sealed
from envelope.keys import Keys
from envelope.upcasting import current_version

Connection = AsyncConnection[dict[str, Any]]

_TRANSCRIPT_TYPES = ["message.received", "message.sent"]


@dataclass(frozen=True)
class Welcome:
    """What a new conversation of a tenant starts with."""

    locale: str
    flow_version_id: str
    experiment: Experiment | None
    """When one is running, its variant goes before `flow_version_id`."""


@dataclass(frozen=True)
class Conversation:
    """A conversation's fixed circumstances."""

    tenant_id: str
    id: str
    lead_id: str
    channel: str
    locale: str
    flow_version_id: str
    keys: Keys = field(repr=False, compare=False)
    """The lead's."""


async def tenant_of_widget_key(connection: Connection, key: str) -> str | None:
    """The tenant a widget key belongs to; the one look-up that needs no tenant."""
    cursor = await connection.execute("SELECT tenant_of_widget_key(%s) AS tenant_id", (key,))
    row = await cursor.fetchone()
    return str(row["tenant_id"]) if row and row["tenant_id"] else None


async def welcome(connection: Connection, tenant_id: str, flow: str | None) -> Welcome | None:
    """The tenant's locale and the published version of the flow of that slug, without one of its default flow: the one it
    chose last, else the oldest; None when nothing such is published."""
    cursor = await connection.execute(
        "SELECT tenant.locale, flow.published_version_id, experiment.id AS experiment_id,"
        " (SELECT jsonb_agg(jsonb_build_array(name, weight, flow_version_id)) FROM experiment_variant variant"
        "  WHERE variant.tenant_id = experiment.tenant_id AND variant.experiment_id = experiment.id) AS variants"
        " FROM tenant JOIN flow USING (tenant_id)"
        " LEFT JOIN experiment ON experiment.tenant_id = flow.tenant_id AND experiment.flow_id = flow.id"
        " AND experiment.stopped_at IS NULL"
        " WHERE tenant.tenant_id = %(tenant)s AND flow.published_version_id IS NOT NULL"
        " AND flow.slug = coalesce(%(flow)s, flow.slug)"
        " ORDER BY flow.default_since DESC NULLS LAST, flow.created_at, flow.id LIMIT 1",
        {"tenant": tenant_id, "flow": flow},
    )
    row = await cursor.fetchone()
    if row is None:
        return None
    experiment = None
    if row["variants"]:
        experiment = Experiment(str(row["experiment_id"]), tuple(Variant(*each) for each in row["variants"]))
    return Welcome(row["locale"], str(row["published_version_id"]), experiment)


async def create(
    connection: Connection,
    conversation: Conversation,
    page: dict[str, Any],
    hidden: dict[str, Any],
    correlation_id: str,
    assignment: Assignment | None = None,
) -> None:
    """The conversation's row and the first event of its stream; the second one says which variant of an experiment it got."""
    await connection.execute(
        "INSERT INTO conversation (tenant_id, id, lead_id, channel, locale, flow_version_id, version)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (
            conversation.tenant_id,
            conversation.id,
            conversation.lead_id,
            conversation.channel,
            conversation.locale,
            conversation.flow_version_id,
            1 if assignment is None else 2,
        ),
    )
    started = {
        "channel": conversation.channel,
        "locale": conversation.locale,
        "lead_id": conversation.lead_id,
        "flow_version_id": conversation.flow_version_id,
        "page": page,
        "hidden": hidden,
    }
    events: list[tuple[str, str, dict[str, Any]]] = [("conversation.started", "visitor", started)]
    if assignment is not None:
        assigned = {
            "experiment_id": assignment.experiment_id,
            "variant": assignment.variant.name,
            "flow_version_id": assignment.variant.flow_version_id,
        }
        events.append(("experiment.assigned", "assistant", assigned))
    rows = [
        _sealed(conversation, {"version": version, "id": str(uuid_utils.uuid7()), "type": type_, "actor": actor}, data)
        for version, (type_, actor, data) in enumerate(events, start=1)
    ]
    await connection.execute(
        "INSERT INTO event"
        " (tenant_id, stream_id, version, id, stream_type, type, schema_version, data, actor, correlation_id, occurred_at)"
        " SELECT %s, %s, e.version, e.id, 'conversation', e.type, e.schema_version, e.data, e.actor, %s, clock_timestamp()"
        " FROM jsonb_to_recordset(%s) AS e (version integer, id uuid, type text, schema_version smallint, actor text, data jsonb)"
        " ORDER BY e.version",
        (conversation.tenant_id, conversation.id, correlation_id, Jsonb(rows)),
    )


async def find(connection: Connection, tenant_id: str, conversation_id: str) -> Conversation | None:
    """The tenant's conversation of that id; None when there is none, or its lead was erased."""
    cursor = await connection.execute(
        "SELECT lead_id, channel, locale, flow_version_id, keys_of_lead(tenant_id, lead_id) AS keys"
        " FROM conversation WHERE tenant_id = %s AND id = %s",
        (tenant_id, conversation_id),
    )
    row = await cursor.fetchone()
    if row is None:
        return None
    lead_id = str(row["lead_id"])
    try:
        if row["keys"]:
            keys = lead_keys(tenant_id, lead_id, row["keys"])
        else:
            keys = await begin(fetching(connection), tenant_id, lead_id)
    except NoKeys:
        return None
    return Conversation(
        tenant_id, conversation_id, lead_id, row["channel"], row["locale"], str(row["flow_version_id"]), keys
    )


async def origin(connection: Connection, conversation: Conversation) -> dict[str, Any]:
    """What the page told when the conversation started: `page`, `utm`, `hidden`."""
    cursor = await connection.execute(
        "SELECT id, type, schema_version, data FROM event WHERE tenant_id = %s AND stream_id = %s AND version = 1",
        (conversation.tenant_id, conversation.id),
    )
    row = await cursor.fetchone()
    data = opened_row(row, conversation.keys, conversation.tenant_id)["data"] if row else {}
    page = data.get("page") or {}
    return {"page": page, "utm": page.get("utm") or {}, "hidden": data.get("hidden") or {}}


async def version_of(connection: Connection, tenant_id: str, conversation_id: str, event_id: str) -> int | None:
    """The place of an event in this conversation's stream; None when it is not one of its events."""
    cursor = await connection.execute(
        "SELECT version FROM event WHERE tenant_id = %s AND id = %s AND stream_id = %s",
        (tenant_id, event_id, conversation_id),
    )
    row = await cursor.fetchone()
    return row["version"] if row else None


async def transcript(
    connection: Connection, conversation: Conversation, after: int, limit: int
) -> tuple[list[Entry], int, bool]:
    """The transcript behind version `after`: its entries, the version to go on from, and whether there is more."""
    cursor = await connection.execute(
        "SELECT id, version, type, schema_version, actor, data, occurred_at FROM event"
        " WHERE tenant_id = %s AND stream_id = %s AND version > %s AND type = ANY(%s)"
        " ORDER BY version LIMIT %s",
        (conversation.tenant_id, conversation.id, after, _TRANSCRIPT_TYPES, limit + 1),
    )
    rows = [opened_row(row, conversation.keys, conversation.tenant_id) for row in await cursor.fetchall()]
    page = rows[:limit]
    entries = [shown for row in page if (shown := entry(row)) is not None]
    return entries, page[-1]["version"] if page else after, len(rows) > limit


async def replies_between(
    connection: Connection, conversation: Conversation, first_version: int, last_version: int
) -> list[Entry]:
    """What the lead was shown by the events of one turn."""
    cursor = await connection.execute(
        "SELECT id, version, type, schema_version, actor, data, occurred_at FROM event"
        " WHERE tenant_id = %s AND stream_id = %s AND version BETWEEN %s AND %s"
        " AND type = 'message.sent' ORDER BY version",
        (conversation.tenant_id, conversation.id, first_version, last_version),
    )
    rows = [opened_row(row, conversation.keys, conversation.tenant_id) for row in await cursor.fetchall()]
    return [shown for row in rows if (shown := entry(row)) is not None]


async def begin_lead(connection: Connection, tenant_id: str, lead_id: str) -> Keys:
    """The keys of a new lead."""
    return await begin(fetching(connection), tenant_id, lead_id)


def _sealed(conversation: Conversation, row: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "schema_version": current_version(row["type"]),
        "data": sealed(row["type"], data, conversation.keys, conversation.tenant_id, row["id"]),
    }
