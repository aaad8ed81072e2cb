"""What a check says: where, and what is wrong, as a code with values that staff read in their language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent / "words"
_FALLBACK = "en"


class Severity(StrEnum):
    """An ERROR keeps the strategy from the lead; a WARNING is shown to staff and keeps nothing."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Problem:
    """`code` is stable; `values` fill its text. What they hold may be the lead's own words: see `SAFE_VALUES`."""

    code: str
    values: tuple[tuple[str, str], ...] = ()


WARNINGS = frozenset({"foreign_quotes", "double_space", "space_before_mark"})
"""Codes of what does not look right but harms nobody: typography."""

SAFE_VALUES = frozenset(
    {"section", "question", "channel", "kpi", "rule", "language", "found", "count", "least", "most", "column", "figure"}
)
"""Names of values that never hold anything a lead said or a figure of theirs: only these may stand in logs."""


@dataclass(frozen=True)
class Finding:
    """A defect. `place` is a block's id, a section's id, or empty for the document as a whole."""

    check: str
    place: str
    problem: Problem

    @property
    def severity(self) -> Severity:
        return Severity.WARNING if self.problem.code in WARNINGS else Severity.ERROR

    def text(self, locale: str) -> str:
        """For staff, with everything in it."""
        texts = _texts(locale.replace("_", "-").partition("-")[0].lower())
        return str(texts["problems"][self.problem.code]).format_map(dict(self.problem.values))

    def subject(self, locale: str) -> str:
        """What the check is called."""
        return str(_texts(locale.replace("_", "-").partition("-")[0].lower())["checks"][self.check])

    def for_log(self) -> dict[str, str]:
        """Nothing personal: what kind, where, and the values that are safe."""
        safe = {name: value for name, value in self.problem.values if name in SAFE_VALUES}
        return {"check": self.check, "place": self.place, "code": self.problem.code, **safe}

    def as_json(self) -> dict[str, Any]:
        """To be kept sealed: it may hold the lead's words."""
        return {
            "check": self.check,
            "place": self.place,
            "code": self.problem.code,
            "values": dict(self.problem.values),
            "severity": self.severity.value,
        }

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> "Finding":
        return Finding(kept["check"], kept["place"], Problem(kept["code"], tuple(kept["values"].items())))


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """Those that keep the strategy from the lead."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def problem(code: str, **values: object) -> Problem:
    return Problem(code, tuple((name, str(value)) for name, value in values.items()))


@lru_cache(maxsize=8)
def _texts(language: str) -> dict[str, dict[str, str]]:
    file = _FOLDER / f"{language}.yml"
    if not language.isalpha() or not file.exists():
        file = _FOLDER / f"{_FALLBACK}.yml"
    loaded: dict[str, dict[str, str]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return loaded
