"""What an erasure is. No I/O."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from envelope.keys import canonical


class Reason(StrEnum):
    """Why a lead is forgotten."""

    STAFF = "staff"
    """Somebody of the agency asked for it, for instance because the lead wrote to them."""
    LEAD = "lead"
    RETENTION = "retention"


@dataclass(frozen=True)
class Erasure:
    """How far the forgetting of one lead has come. `removed` counts what was there, by kind; nothing in it tells who it was."""

    lead_id: UUID
    requested_by: str
    """The actor: `staff:<user id>`, `visitor` or `platform`."""
    reason: str
    requested_at: datetime
    removed: Mapping[str, int] = field(default_factory=dict)
    forgotten_at: datetime | None = None
    """Since when nothing of the lead can be opened here."""
    crm_at: datetime | None = None
    """When the agency's CRMs had confirmed."""
    crm_failure: str | None = None
    """Why a CRM has not confirmed yet, in words that name nobody."""
    refused_at: datetime | None = None
    """Since when nothing more is tried because a CRM said no; asked for once more, the erasure goes on."""
    completed_at: datetime | None = None
    digest: bytes | None = None

    @property
    def state(self) -> str:
        """`waiting`, `forgotten` (here, the CRM is still to confirm), `refused` (by a CRM) or `completed`."""
        if self.completed_at is not None:
            return "completed"
        if self.refused_at is not None:
            return "refused"
        return "waiting" if self.forgotten_at is None else "forgotten"


def certificate(tenant_id: UUID, erasure: Erasure) -> dict[str, Any]:
    """What an agency can show to a lead or an authority: ids, times and counts, nothing of the person."""
    return {
        "agency": str(tenant_id),
        "lead": str(erasure.lead_id),
        "requested_by": "the lead" if erasure.reason == Reason.LEAD else erasure.requested_by,
        "reason": str(erasure.reason),
        "requested_at": erasure.requested_at.isoformat(),
        "forgotten_at": _iso(erasure.forgotten_at),
        "crm_confirmed_at": _iso(erasure.crm_at),
        "completed_at": _iso(erasure.completed_at),
        "removed": dict(sorted(erasure.removed.items())),
    }


def digest_of(document: Mapping[str, Any]) -> bytes:
    """SHA-256 of a certificate: whoever holds the document can see that it was not changed."""
    return hashlib.sha256(canonical(document)).digest()


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
