"""A flow's file as data, read strictly (markezy.kernel.strict_yaml)."""

from typing import Any

from markezy.flows.exchange.flow_file import FileProblem, UnreadableFlow
from markezy.kernel import strict_yaml

LARGEST_FILE = 1_000_000
"""Characters; twenty times the largest flow we know."""


def load_strictly(text: str) -> tuple[Any, dict[str, int]]:
    """The data, and by place (`questions/goal/next/0`) its line from 1. UnreadableFlow when it is no YAML of this kind."""
    try:
        return strict_yaml.load_strictly(text, LARGEST_FILE)
    except strict_yaml.UnreadableYaml as error:
        raise UnreadableFlow(FileProblem(error.line, error.at, error.message)) from None
