"""What covers and messages say, in each language (`words/<language>.yml`). Strategies themselves are written by templates."""

from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

_FOLDER = Path(__file__).parent / "words"
FALLBACK = "en"


class Words(BaseModel):
    """One language. `{…}` stands for what is filled in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prepared_for: str
    prepared_by: str
    page_of: str
    subject: str
    hello: str
    hello_nobody: str
    ready: str
    inside: str
    parts: tuple[str, ...]
    open_online: str
    link_lasts: str
    reply: str
    regards: str
    footer: str
    file_name: str
    gone_title: str
    gone_text: str
    unsubscribe: str
    unsubscribe_title: str
    unsubscribe_text: str
    unsubscribe_button: str
    unsubscribed_title: str
    unsubscribed_text: str


def words(locale: str) -> Words:
    """The words of a language, English for one we do not speak."""
    return _all().get(language(locale)) or _all()[FALLBACK]


def language(locale: str) -> str:
    """`fr` of `fr-CA`."""
    return locale.replace("_", "-").partition("-")[0].lower()


@lru_cache(maxsize=1)
def _all() -> dict[str, Words]:
    files = _FOLDER.glob("*.yml")
    return {file.stem: Words.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files}
