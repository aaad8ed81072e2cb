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


@dataclass(frozen=True)
class LeadExport:
    """A copy of everything kept of a lead, from the request on. `size` counts the archive's bytes."""

    id: UUID
    lead_id: UUID
    requested_by: str
    requested_at: datetime
    ready_at: datetime | None = None
    removed_at: datetime | None = None
    failure: str | None = None
    """Why there is none; names nobody."""
    size: int | None = None
    expires_at: datetime | None = None
    """When the archive is removed, by the agency's period for exports."""

    @property
    def state(self) -> str:
        """`waiting`, `ready`, `expired` or `failed`."""
        if self.failure is not None:
            return "failed"
        if self.ready_at is None:
            return "waiting"
        return "ready" if self.removed_at is None else "expired"


@dataclass(frozen=True)
class Period:
    """For how long an agency keeps a class of data. `least` and `most` are what it may choose, `default` what holds without a choice."""

    data_class: str
    days: int
    default: int
    least: int
    most: int
    is_leads: bool
    """Whether whole leads are forgotten, rather than rows beside the log removed."""


@dataclass(frozen=True)
class DueLead:
    """A lead whose period is over."""

    id: UUID
    data_class: str
    last_activity: datetime


@dataclass(frozen=True)
class Preview:
    """What a run would remove, by class, and the leads among it; `leads` stops at a number that a page can show."""

    counts: Mapping[str, int]
    leads: tuple[DueLead, ...]
    lead_count: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class RetentionRun:
    """One time that data past its period was removed; of leads it counts how many were given up for forgetting."""

    id: UUID
    started_at: datetime
    finished_at: datetime | None
    removed: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.removed.values())


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
