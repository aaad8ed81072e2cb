"""What the documents of this domain say, in each language (`words/<language>.yml`)."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

_FOLDER = Path(__file__).parent / "words"
FALLBACK = "en"


class ClassWords(BaseModel):
    """What a class of data is called, and what it holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    what: str


class Words(BaseModel):
    """One language. `{…}` stands for what is filled in; every language has the same keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: str
    classes: Mapping[str, ClassWords]
    question_types: Mapping[str, str]
    names: Mapping[str, str]
    """Of states, senders, channels and the like: `<kind>.<value>`."""
    export: Mapping[str, str]
    record: Mapping[str, str]

    def name(self, kind: str, value: str) -> str:
        """What a value is called; the value itself if it has no name here."""
        return self.names.get(f"{kind}.{value}", value.replace("_", " "))


def words(locale: str) -> Words:
    """The words of a language, English for one we do not speak."""
    return _all().get(locale.replace("_", "-").partition("-")[0].lower()) or _all()[FALLBACK]


def languages() -> tuple[str, ...]:
    """What there are words in."""
    return tuple(sorted(_all()))


@lru_cache(maxsize=1)
def _all() -> dict[str, Words]:
    files = _FOLDER.glob("*.yml")
    return {file.stem: Words.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files}
