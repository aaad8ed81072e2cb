"""What the database's `keys_of_lead` gives, as keys."""

import base64
from uuid import uuid4

import pytest

from bot.keys import NoKeys, lead_keys, ring
from envelope.ring import DATA


def _rows(tenant_id: str, lead_id: str, *versions: int) -> list[list[object]]:
    above = ring().new_tenant_key(tenant_id, DATA, 1)
    keys = [ring().new_lead_key(tenant_id, lead_id, version, above) for version in versions]
    return [
        [key.version, 1, base64.b64encode(key.wrapped), above.master_id, base64.b64encode(above.wrapped)]
        for key in keys
    ]


def test_every_version_opens_what_it_sealed() -> None:
    tenant_id, lead_id = str(uuid4()), str(uuid4())
    rows = _rows(tenant_id, lead_id, 2, 1)
    box = lead_keys(tenant_id, lead_id, rows[1:]).seal(b"x", "here")
    assert lead_keys(tenant_id, lead_id, rows).open(box, "here") == b"x"


def test_one_destroyed_version_is_enough_to_be_forgotten() -> None:
    tenant_id, lead_id = str(uuid4()), str(uuid4())
    latest, first = _rows(tenant_id, lead_id, 2, 1)
    with pytest.raises(NoKeys):
        lead_keys(tenant_id, lead_id, [latest, [*first[:2], None, *first[3:]]])
    with pytest.raises(NoKeys):
        lead_keys(tenant_id, lead_id, [])
