"""What stands around a document's own words, in each language (`design/words/<language>.yml`)."""

from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from markezy.strategies.wording import FALLBACK, language

_FOLDER = Path(__file__).parent / "design" / "words"


class Frame(BaseModel):
    """One language. `{…}` stands for what is filled in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    contents: str
    about: str
    about_text: str
    contact: str
    contact_text: str
    date: str
    internal: str
    briefing: str
    skip: str
    download: str
    to_top: str
    week: str
    weeks: str
    week_span: str
    week_one: str
    total: str
    budget_split: str
    calendar: str
    forecast: str
    listed: str
    origin: str


def frame_words(locale: str) -> Frame:
    """The words of a language, English for one we do not speak."""
    return _all().get(language(locale)) or _all()[FALLBACK]


@lru_cache(maxsize=1)
def _all() -> dict[str, Frame]:
    files = _FOLDER.glob("*.yml")
    return {file.stem: Frame.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files}
