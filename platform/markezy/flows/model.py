"""Flows and their versions as other domains see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class FlowVersion:
    """A published definition; it never changes."""

    id: UUID
    flow_id: UUID
    number: int
    definition: Mapping[str, Any]
    created_at: datetime


@dataclass(frozen=True)
class FlowSummary:
    """A flow in a list."""

    id: UUID
    slug: str
    name: str
    published_version_id: UUID | None
    number: int | None
    """The published version's number."""
    published_at: datetime | None
    created_at: datetime
