"""The console's own words in each language, and which language a request gets."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sanic import Request

LANGUAGES = ("en", "fr", "es")
"""The first is taken for everybody who prefers none of them."""
LANGUAGE_COOKIE = "markezy_language"

_CATALOGUE = Path(__file__).parent / "catalogue"


@dataclass(frozen=True)
class Texts:
    """One language's catalogue; in templates `t("leads.title")`."""

    language: str
    entries: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The text for `key` with `values` filled in."""
        return self.entries[key].format(**values)

    def permission(self, permission: str) -> str:
        """What a permission is called: what it is about, and what may be done with it."""
        about, _, verb = permission.partition(".")
        return self("permission", about=self.name("about", about), verb=self.name("may", verb))

    def name(self, kind: str, value: str) -> str:
        """What a value that comes from elsewhere (a state, a channel) is called; the value itself if it has no name here."""
        return self.entries.get(f"{kind}.{value}", value.replace("_", " "))


@cache
def texts(language: str) -> Texts:
    """The catalogue of one of `LANGUAGES`."""
    return Texts(language, json.loads((_CATALOGUE / f"{language}.json").read_text(encoding="utf-8")))


def texts_for(request: Request) -> Texts:
    """The language the user switched to, else the one their browser prefers."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    return texts(chosen if chosen in LANGUAGES else _preferred(request.headers.get("accept-language", "")))


def _preferred(accept_language: str) -> str:
    ranked = []
    for position, entry in enumerate(accept_language[:500].split(",")):
        name, _, parameter = entry.partition(";")
        language = name.strip().lower().partition("-")[0]
        weight = _weight(parameter)
        if language in LANGUAGES and weight > 0:
            ranked.append((-weight, position, language))
    return min(ranked)[2] if ranked else LANGUAGES[0]


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
