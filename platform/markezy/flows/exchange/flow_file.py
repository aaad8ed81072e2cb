"""What is in a flow's file, and what is wrong with one that can't be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from markezy.flows.definition import FlowDefinition


@dataclass(frozen=True)
class FlowFile:
    """A flow as it travels. `name` and `slug` are None in a file that leaves them open."""

    definition: FlowDefinition
    name: str | None = None
    slug: str | None = None
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)
    """By place, as findings write it, its line in the file, from 1."""

    def line_of(self, at: str) -> int | None:
        """The line of a finding's place, or of the nearest thing around it."""
        steps = at.split("/")
        while steps:
            line = self.lines.get("/".join(steps))
            if line is not None:
                return line
            steps.pop()
        return None


@dataclass(frozen=True)
class FileProblem:
    """One thing wrong with a file. `line` counts from 1; None when it is about the whole file."""

    line: int | None
    at: str
    message: str

    def __str__(self) -> str:
        where = " ".join(part for part in (f"line {self.line}" if self.line else "", self.at) if part)
        return f"{where}: {self.message}" if where else self.message


class UnreadableFlow(ValueError):
    """The text is no flow. `problems` says why, place by place."""

    def __init__(self, *problems: FileProblem) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))
