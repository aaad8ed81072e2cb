"""What is wrong with a layer: where, why, and how to mend it."""

from dataclasses import dataclass
from typing import Any

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Finding:
    """One thing to mend. `at` is a place like `sections/audience/blocks/intro/text`; `origin` names the layer's file.

    An error keeps the layer from being used; a warning is worth a look. `line` counts from 1, None when it isn't known.
    """

    origin: str
    at: str
    message: str
    mend: str
    severity: str = ERROR
    line: int | None = None

    def __str__(self) -> str:
        where = ":".join([self.origin, *([str(self.line)] if self.line else [])])
        return f"{self.severity} in {where}{f', {self.at}' if self.at else ''}: {self.message} {self.mend}".rstrip()


class NotALayer(ValueError):
    """The texts can't be used as layers. `findings` says why, place by place."""

    def __init__(self, *findings: Finding) -> None:
        self.findings = findings
        super().__init__("\n".join(map(str, findings)))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self.findings
