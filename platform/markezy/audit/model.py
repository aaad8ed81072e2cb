"""What the audit tells. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from markezy.kernel.errors import Invalid

DONE, REFUSED = "done", "refused"
OUTCOMES = (DONE, REFUSED)

_FIRST_REFUSAL = 400
_LONGEST = 100


@dataclass(frozen=True)
class Filter:
    """Which entries are wanted; None does not narrow. `since` is included, `until` is not. Invalid for what can't be meant."""

    actor: str | None = None
    """The id of a member of staff or an API key, or the name of a program of ours."""
    lead_id: UUID | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    outcome: str | None = None

    def __post_init__(self) -> None:
        for word in (self.actor, self.action):
            if word is not None and (len(word) > _LONGEST or not word.isprintable()):
                raise Invalid("Actors and actions have short names without control characters.")
        if self.outcome is not None and self.outcome not in OUTCOMES:
            raise Invalid(f"There is no outcome {self.outcome!r}; there are {', '.join(OUTCOMES)}.")


@dataclass(frozen=True)
class Found:
    """One entry with its names as they are today. A name is None for what has none, and for who was never there."""

    id: UUID
    at: datetime
    actor_kind: str
    actor_id: str
    session_id: UUID | None
    action: str
    subject_kind: str | None
    subject_id: str | None
    lead_id: UUID | None
    filters: tuple[str, ...]
    status: int
    network: str
    program: str
    correlation_id: str
    actor_name: str | None = None
    subject_name: str | None = None

    @property
    def outcome(self) -> str:
        return DONE if self.status < _FIRST_REFUSAL else REFUSED


@dataclass(frozen=True)
class Page:
    """Some entries, newest first; `next_cursor` asks for those before them, None when there are none."""

    items: tuple[Found, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class Onlooker:
    """Somebody who looked at a lead or did something with them: how often, and when last."""

    actor_kind: str
    actor_id: str
    name: str | None
    times: int
    last_at: datetime


Names = Mapping[str, str]
"""By id what somebody is called."""
