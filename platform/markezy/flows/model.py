"""Flows, their drafts and their versions as other domains see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class FlowVersion:
    """A definition that was published; it never changes."""

    id: UUID
    flow_id: UUID
    number: int
    definition: Mapping[str, Any]
    created_at: datetime
    note: str = ""
    """What is new in it, in the words of who published it."""
    created_by: UUID | None = None
    """The member of staff, or None for a seeded flow."""


@dataclass(frozen=True)
class VersionSummary:
    """A version in a list."""

    id: UUID
    number: int
    note: str
    created_at: datetime
    created_by: UUID | None
    published: bool
    """Whether new conversations get this one."""


@dataclass(frozen=True)
class VersionName:
    """What people call a version: its flow's slug and its number."""

    flow: str
    number: int


@dataclass(frozen=True)
class Draft:
    """What is being worked on. Its shape is right; whether it may be published, the checks say."""

    flow_id: UUID
    slug: str
    name: str
    definition: Mapping[str, Any]
    revision: int
    """Another one with every change; of one flow, no two drafts ever have the same."""
    updated_at: datetime
    updated_by: UUID | None


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
    draft_revision: int | None
    """None when there is no draft."""
    draft_updated_at: datetime | None
    default: bool
    """Whether visitors get this one whose page names none."""


@dataclass(frozen=True)
class ScoreReason:
    """A part of a score. `questions` are what its rules ask for, `labels` their names; none where only the lead's origin counted."""

    questions: tuple[str, ...]
    labels: tuple[str, ...]
    points: int
