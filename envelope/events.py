"""An event's data as it lies in the log: some members in the clear, the others in one box of the lead's."""

import base64
from collections.abc import Mapping
from typing import Any

from envelope.catalogue import CLEAR, FORGOTTEN
from envelope.keys import Keys

SEALED = "sealed"
"""The member that holds the box."""


def sealed(type_: str, data: Mapping[str, Any], keys: Keys, tenant_id: str, event_id: str) -> dict[str, Any]:
    """`data` with its personal members in a box of `keys`, which are the lead's."""
    clear = CLEAR.get(type_, frozenset())
    personal = {name: value for name, value in data.items() if name not in clear}
    if not personal:
        return dict(data)
    box = keys.seal_json(personal, _context(tenant_id, event_id))
    shown = {name: value for name, value in data.items() if name in clear}
    return {**shown, SEALED: {"lead": keys.owner, "box": base64.b64encode(box).decode()}}


def opened(type_: str, data: Mapping[str, Any], keys: Keys | None, tenant_id: str, event_id: str) -> dict[str, Any]:
    """What was given to `sealed`. Of an erased lead the clear members, and empty ones for the rest."""
    box = box_of(data)
    if box is None:
        # What was written after the lead's keys were destroyed never had a box.
        return {**FORGOTTEN.get(type_, {}), **data}
    clear = {name: value for name, value in data.items() if name != SEALED}
    if keys is None:
        return {**FORGOTTEN.get(type_, {}), **clear}
    return {**clear, **keys.open_json(base64.b64decode(box["box"]), _context(tenant_id, event_id))}


def lead_of(data: Mapping[str, Any]) -> str | None:
    """The id of the lead whose keys open `data`; None when nothing in it is sealed."""
    box = box_of(data)
    return None if box is None else str(box["lead"])


def box_of(data: Mapping[str, Any]) -> Mapping[str, str] | None:
    """The member that holds the box; None when nothing is sealed."""
    box = data.get(SEALED)
    return box if isinstance(box, dict) and "box" in box else None


def _context(tenant_id: str, event_id: str) -> str:
    return f"event.data/{tenant_id}/{event_id}"
