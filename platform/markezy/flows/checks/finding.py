"""What a check says."""

from collections.abc import Iterable
from dataclasses import dataclass

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """Something wrong with a flow. `at` is the place, like `questions/budget/next/0`; `code` is stable."""

    at: str
    code: str
    message: str
    mend: str
    """What to do about it, in one sentence."""
    severity: str = ERROR
    """An ERROR keeps the flow from being published, a WARNING doesn't."""


def errors_of(findings: Iterable[Finding]) -> list[Finding]:
    """Those that keep the flow from being published."""
    return [finding for finding in findings if finding.severity == ERROR]
