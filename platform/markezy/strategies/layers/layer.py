"""One part of one layer, read from its text."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from markezy.kernel.strict_yaml import UnreadableYaml, load_strictly
from markezy.strategies.layers.findings import Finding, NotALayer
from markezy.strategies.layers.parts import WordsPart
from markezy.strategies.numbers.checking import check_partial

LARGEST_PART = 300_000
"""Characters; the largest shipped one has 25,000."""
PLAN = "plan"
LANGUAGES = ("en", "fr", "es")
PARTS = (PLAN, *LANGUAGES)


class LayerName(StrEnum):
    """The layers from the bottom to the top."""

    BASE = "base"
    SECTOR = "sector"
    AGENCY = "agency"
    AGENCY_SECTOR = "agency-sector"


@dataclass(frozen=True)
class Layer:
    """A part of a layer. `part` is `plan` or a language; `origin` is what findings call it: a file, or a version."""

    name: str
    part: str
    origin: str
    digest: bytes
    data: Mapping[str, Any] = field(compare=False, repr=False)
    lines: Mapping[str, int] = field(compare=False, repr=False)

    def line_of(self, at: str) -> int | None:
        """The line of a place, or of the nearest thing around it."""
        steps = at.split("/")
        while steps:
            line = self.lines.get("/".join(steps))
            if line is not None:
                return line
            steps.pop()
        return None

    def finding(self, at: str, message: str, mend: str = "") -> Finding:
        return Finding(self.origin, at, message, mend, line=self.line_of(at))


@lru_cache(maxsize=256)
def read(text: str, name: str, part: str, origin: str) -> Layer:
    """The layer's part; NotALayer when the text is no YAML or holds what a part does not."""
    try:
        data, lines = load_strictly(text, LARGEST_PART)
    except UnreadableYaml as error:
        raise NotALayer(Finding(origin, error.at, error.message, "", line=error.line)) from None
    layer = Layer(name, part, origin, hashlib.sha256(text.encode()).digest(), data, lines)
    if not isinstance(data, Mapping):
        raise NotALayer(layer.finding("", "A layer is a mapping of names.", "Write `name: …` lines."))
    if part == PLAN:
        if flaws := check_partial(data):
            raise NotALayer(*(layer.finding(flaw.place, flaw.problem, flaw.mend) for flaw in flaws))
        return layer
    try:
        WordsPart.model_validate(data)
    except ValidationError as error:
        raise NotALayer(*_findings(layer, error.errors(include_url=False, include_input=False))) from None
    return layer


def _findings(layer: Layer, errors: list[ErrorDetails]) -> Iterator[Finding]:
    seen = set()
    for error in errors:
        at = _place(layer.data, error["loc"])
        message = _MESSAGES.get(error["type"], error["msg"].removeprefix("Value error, ") + ".")
        if (at, message) not in seen:
            seen.add((at, message))
            yield layer.finding(at, message, "Write this place as docs/strategies.md says.")


_MESSAGES = {"extra_forbidden": "There is no such key here."}


def _place(data: Any, steps: tuple[int | str, ...]) -> str:
    """Only the steps that lead through the data: the rest names the shapes that were tried, or what is missing."""
    place = []
    for step in steps:
        known: Any = data if isinstance(data, Mapping) else dict(enumerate(data)) if isinstance(data, list) else {}
        if step in known:
            data = known[step]
            place.append(str(step))
    return "/".join(place)
