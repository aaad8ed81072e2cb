"""From the rows that hold wrapped keys to keys that open: master over tenant over lead."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from envelope.boxes import KEY_BYTES, Cipher, derived
from envelope.keys import Keys
from envelope.wrapping import Wrapping

DATA = "data"
INDEX = "index"
"""The purposes of tenant keys: what opens, and what makes blind indexes."""

_REMEMBERED_TENANTS = 4096


@dataclass(frozen=True)
class WrappedTenantKey:
    """A row of `tenant_key`."""

    purpose: str
    version: int
    master_id: str
    wrapped: bytes


@dataclass(frozen=True)
class WrappedLeadKey:
    """A row of `lead_key`; `tenant_version` is the version of the tenant's `data` key that wraps it."""

    version: int
    tenant_version: int
    wrapped: bytes


class KeyRing:
    """Unwraps keys; one per process. It remembers tenants' keys, whose secrets never change, and never a lead's."""

    def __init__(self, master: Wrapping) -> None:
        self._master = master
        self._secret = lru_cache(maxsize=_REMEMBERED_TENANTS)(self._unwrap_tenant_key)

    def new_tenant_key(self, tenant_id: str, purpose: str, version: int) -> WrappedTenantKey:
        """A fresh key of an agency."""
        master_id, wrapped = self._master.wrap(os.urandom(KEY_BYTES), _tenant_context(tenant_id, purpose, version))
        return WrappedTenantKey(purpose, version, master_id, wrapped)

    def rewrapped(self, tenant_id: str, row: WrappedTenantKey) -> WrappedTenantKey | None:
        """The same key under the current master key; None when it is so already."""
        if row.master_id == self._master.current:
            return None
        context = _tenant_context(tenant_id, row.purpose, row.version)
        master_id, wrapped = self._master.wrap(self._master.unwrap(row.master_id, row.wrapped, context), context)
        return WrappedTenantKey(row.purpose, row.version, master_id, wrapped)

    def tenant_keys(self, tenant_id: str, rows: Iterable[WrappedTenantKey]) -> Keys:
        """The keys for what belongs to the agency and to no lead."""
        return Keys(tenant_id, {row.version: derived(self._secret(tenant_id, row), "agency") for row in rows})

    def index_key(self, tenant_id: str, row: WrappedTenantKey) -> bytes:
        """The secret of the agency's blind indexes."""
        return self._secret(tenant_id, row)

    def new_lead_key(self, tenant_id: str, lead_id: str, version: int, tenant_key: WrappedTenantKey) -> WrappedLeadKey:
        """A fresh key of a lead."""
        return self._wrap_lead_key(tenant_id, lead_id, version, tenant_key, os.urandom(KEY_BYTES))

    def lead_keys(self, tenant_id: str, lead_id: str, rows: Iterable[tuple[WrappedLeadKey, WrappedTenantKey]]) -> Keys:
        """The lead's keys, each row beside the tenant key that wraps it."""
        return Keys(lead_id, {row.version: self._lead_secret(tenant_id, lead_id, row, over) for row, over in rows})

    def lead_key_rewrapped(
        self, tenant_id: str, lead_id: str, row: WrappedLeadKey, over: WrappedTenantKey, new: WrappedTenantKey
    ) -> WrappedLeadKey:
        """The same key of a lead, under another version of the tenant's key."""
        return self._wrap_lead_key(
            tenant_id, lead_id, row.version, new, self._lead_secret(tenant_id, lead_id, row, over)
        )

    def _wrap_lead_key(
        self, tenant_id: str, lead_id: str, version: int, tenant_key: WrappedTenantKey, secret: bytes
    ) -> WrappedLeadKey:
        wrapping = Cipher(self._secret(tenant_id, tenant_key))
        context = _lead_context(tenant_id, lead_id, version)
        return WrappedLeadKey(version, tenant_key.version, wrapping.seal(secret, context))

    def _lead_secret(self, tenant_id: str, lead_id: str, row: WrappedLeadKey, over: WrappedTenantKey) -> bytes:
        return Cipher(self._secret(tenant_id, over)).open(row.wrapped, _lead_context(tenant_id, lead_id, row.version))

    def _unwrap_tenant_key(self, tenant_id: str, row: WrappedTenantKey) -> bytes:
        return self._master.unwrap(row.master_id, row.wrapped, _tenant_context(tenant_id, row.purpose, row.version))


def _tenant_context(tenant_id: str, purpose: str, version: int) -> str:
    return f"tenant_key.wrapped/{tenant_id}/{purpose}/{version}"


def _lead_context(tenant_id: str, lead_id: str, version: int) -> str:
    return f"lead_key.wrapped/{tenant_id}/{lead_id}/{version}"
