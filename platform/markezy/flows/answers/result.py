"""What goes into the reading of an answer and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Value = str | int | float | bool | list[str] | dict[str, str | int] | None
"""An answer's value as conditions, read models and templates see it. None: the lead skipped the question."""


@dataclass(frozen=True)
class Heard:
    """Something the NLU recognised in a text: a city, business, person_name, company, amount, email, phone or url.

    `start` and `end` are its place in the text, when it has one.
    """

    kind: str
    value: str
    start: int | None = None
    end: int | None = None
    confidence: float = 1.0


@dataclass(frozen=True)
class Given:
    """What the lead gave: the `raw` text or a button's value, and what the NLU made of it."""

    raw: Any
    intent: str | None = None
    heard: tuple[Heard, ...] = ()
    confidence: float = 1.0
    """How sure the NLU is of the intent, 0 to 1."""


@dataclass(frozen=True)
class Accepted:
    """A usable answer, and how people read it in the lead's language."""

    value: Value
    display: str


@dataclass(frozen=True)
class Rejected:
    """No usable answer. `reason` is a code of the wording files' `rejected`; `details` fill its message."""

    reason: str
    details: Mapping[str, str] = field(default_factory=dict)
