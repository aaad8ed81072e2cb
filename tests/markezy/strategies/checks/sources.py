"""Where the documents without defects come from."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.markezy.strategies.checks.documents import Written, clean


@dataclass(frozen=True)
class Source:
    name: str
    load: Callable[[], Written]


SOURCES = [
    Source(f"by hand in {language}", lambda language=language: clean(language)) for language in ("en", "fr", "es")
]
