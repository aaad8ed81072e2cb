"""Experiments as callers see them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class NewVariant:
    """A version by its number, and its share: `weight` in the sum of the weights."""

    name: str
    weight: int
    version: int


@dataclass(frozen=True)
class Variant:
    """One of the versions that are compared."""

    name: str
    weight: int
    flow_version_id: UUID
    version: int
    """The version's number."""


@dataclass(frozen=True)
class Experiment:
    """A flow's versions beside each other. It runs until it is stopped, and never again."""

    id: UUID
    flow: str
    """The flow's slug."""
    name: str
    started_at: datetime
    stopped_at: datetime | None
    created_by: UUID | None
    variants: tuple[Variant, ...]
    """By name."""


@dataclass(frozen=True)
class Count:
    """How a variant does so far."""

    assigned: int = 0
    """Conversations that began with it."""
    completed: int = 0
    """Of these, those that came to an end of the flow."""
    qualified: int = 0
    """Of these, those whose last end was a qualified one."""


@dataclass(frozen=True)
class Page:
    """Some experiments of a list; `next_cursor` asks for those after them, None when there are none."""

    items: tuple[Experiment, ...]
    next_cursor: str | None
