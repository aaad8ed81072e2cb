"""The keys of leads, for the statements of the Rasa process (docs/record.md)."""

import base64
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from envelope.configured import wrapping_of
from envelope.events import opened
from envelope.keys import Keys
from envelope.ring import DATA, INDEX, KeyRing, WrappedLeadKey, WrappedTenantKey
from envelope.upcasting import upcast

Row = dict[str, Any]
Fetch = Callable[[str, Mapping[str, Any]], Awaitable[list[Row]]]
"""Runs a statement in the name of the tenant and gives its rows."""

_TENANT_KEY = """
SELECT version, master_id, wrapped FROM tenant_key
WHERE tenant_id = %(tenant_id)s AND purpose = 'data' ORDER BY version DESC LIMIT 1
"""
_ADD_TENANT_KEYS = """
INSERT INTO tenant_key (tenant_id, purpose, version, master_id, wrapped)
VALUES (%(tenant_id)s, 'data', 1, %(data_master)s, %(data)s), (%(tenant_id)s, 'index', 1, %(index_master)s, %(index)s)
ON CONFLICT DO NOTHING RETURNING purpose
"""
_ADD_LEAD_KEY = """
INSERT INTO lead_key (tenant_id, lead_id, version, tenant_version, wrapped)
VALUES (%(tenant_id)s, %(lead_id)s, 1, %(tenant_version)s, %(wrapped)s)
ON CONFLICT DO NOTHING RETURNING version
"""
_KEYS_OF_LEAD = "SELECT keys_of_lead(%(tenant_id)s, %(lead_id)s) AS keys"


class NoKeys(LookupError):
    """The lead was erased: nothing of them can be opened, and nothing more is kept."""


@lru_cache(maxsize=1)
def ring() -> KeyRing:
    """The process's key ring, from the environment."""
    return KeyRing(wrapping_of(os.environ))


def lead_keys(tenant_id: str, lead_id: str, rows: Iterable[Sequence[Any]]) -> Keys:
    """The keys from what the database's `keys_of_lead` gave; NoKeys when they, or one version of them, were destroyed."""
    rows = list(rows)
    if not rows or any(wrapped is None for _, _, wrapped, _, _ in rows):
        raise NoKeys("the lead was erased")
    pairs = [
        (
            WrappedLeadKey(version, tenant_version, base64.b64decode(wrapped)),
            WrappedTenantKey(DATA, tenant_version, master_id, base64.b64decode(above)),
        )
        for version, tenant_version, wrapped, master_id, above in rows
    ]
    return ring().lead_keys(tenant_id, lead_id, pairs)


async def begin(fetch: Fetch, tenant_id: str, lead_id: str) -> Keys:
    """The keys of a lead who may not have any yet; NoKeys when they had some once."""
    above = await _tenant_key(fetch, tenant_id)
    new = ring().new_lead_key(tenant_id, lead_id, 1, above)
    wanted = {"tenant_id": tenant_id, "lead_id": lead_id}
    added = await fetch(_ADD_LEAD_KEY, {**wanted, "tenant_version": new.tenant_version, "wrapped": new.wrapped})
    if added:
        return ring().lead_keys(tenant_id, lead_id, [(new, above)])
    rows = await fetch(_KEYS_OF_LEAD, wanted)
    return lead_keys(tenant_id, lead_id, rows[0]["keys"] or ())


def opened_row(row: Row, keys: Keys, tenant_id: str) -> Row:
    """A row of the log with its data opened, in the newest shape. It must have `id`, `type`, `schema_version` and `data`."""
    data = opened(row["type"], row["data"], keys, tenant_id, str(row["id"]))
    return {**row, "data": upcast(row["type"], row["schema_version"], data)}


async def _tenant_key(fetch: Fetch, tenant_id: str) -> WrappedTenantKey:
    found = await fetch(_TENANT_KEY, {"tenant_id": tenant_id})
    if not found:
        data, index = (ring().new_tenant_key(tenant_id, purpose, 1) for purpose in (DATA, INDEX))
        await fetch(
            _ADD_TENANT_KEYS,
            {
                "tenant_id": tenant_id,
                "data_master": data.master_id,
                "data": data.wrapped,
                "index_master": index.master_id,
                "index": index.wrapped,
            },
        )
        # Whoever was faster has made the keys that count.
        found = await fetch(_TENANT_KEY, {"tenant_id": tenant_id})
    return WrappedTenantKey(DATA, **found[0])
