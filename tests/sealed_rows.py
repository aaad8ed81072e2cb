"""What the Rasa process seals, put into rows and looked at by its tests. `Rows` runs a statement as the database's owner."""

import json
from collections.abc import Callable
from typing import Any

from bot.keys import lead_keys, ring
from envelope.events import lead_of, opened
from envelope.keys import Keys
from envelope.ring import DATA, INDEX, WrappedTenantKey

Rows = Callable[..., list[dict[str, Any]]]


def keys_of(rows: Rows, tenant_id: str, lead_id: str) -> Keys:
    """The lead's keys."""
    return lead_keys(tenant_id, lead_id, rows("SELECT keys_of_lead(%s, %s) AS keys", tenant_id, lead_id)[0]["keys"])


def keys_of_conversation(rows: Rows, tenant_id: str, conversation_id: str) -> Keys:
    """The keys of the lead whose conversation it is."""
    lead = rows("SELECT lead_id FROM conversation WHERE id = %s", conversation_id)[0]["lead_id"]
    return keys_of(rows, tenant_id, str(lead))


def new_keys(rows: Rows, tenant_id: str, lead_id: str) -> Keys:
    """Keys for a lead whom a test puts into the tables itself."""
    found = rows(
        "SELECT purpose, version, master_id, wrapped FROM tenant_key WHERE tenant_id = %s AND purpose = 'data'",
        tenant_id,
    )
    if not found:
        for purpose in (DATA, INDEX):
            key = ring().new_tenant_key(tenant_id, purpose, 1)
            rows(
                "INSERT INTO tenant_key (tenant_id, purpose, version, master_id, wrapped)"
                " VALUES (%s, %s, %s, %s, %s) RETURNING 1 AS done",
                tenant_id, key.purpose, key.version, key.master_id, key.wrapped,
            )  # fmt: skip
        return new_keys(rows, tenant_id, lead_id)
    above = WrappedTenantKey(**found[0])
    new = ring().new_lead_key(tenant_id, lead_id, 1, above)
    rows(
        "INSERT INTO lead_key (tenant_id, lead_id, version, tenant_version, wrapped)"
        " VALUES (%s, %s, 1, %s, %s) RETURNING 1 AS done",
        tenant_id, lead_id, new.tenant_version, new.wrapped,
    )  # fmt: skip
    return keys_of(rows, tenant_id, lead_id)


def opened_data(rows: Rows, row: dict[str, Any]) -> dict[str, Any]:
    """The row with its event data opened, whatever else the statement asked for."""
    data = row.get("data")
    if not isinstance(data, dict) or lead_of(data) is None:
        return row
    ((event),) = rows(
        "SELECT tenant_id, id, type FROM event WHERE data -> 'sealed' = %s::jsonb -> 'sealed'", json.dumps(data)
    )
    keys = keys_of(rows, str(event["tenant_id"]), str(lead_of(data)))
    return {**row, "data": opened(event["type"], data, keys, str(event["tenant_id"]), str(event["id"]))}
