"""The engine's own words, one YAML file per locale: what it says around a flow's texts, and what it understands."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

LOCALES = ("en", "fr", "es")
"""The languages the engine speaks; a flow's locales are among them."""


def phrase(key: str, locale: str, **values: str) -> str:
    """The sentence for `key`; `rejected.<reason>` reaches into the section of that name. KeyError for an unknown one."""
    text = _phrases(locale)[key]
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def has_phrase(key: str) -> bool:
    """Whether there is a sentence for `key`, in all languages or in none."""
    return key in _phrases(LOCALES[0])


@cache
def words(kind: str) -> frozenset[str]:
    """What leads say for `yes`, `no`, `skip`, `leave_out`, `zero`, as `thanks`, when `returning` or before their name; how
    their questions begin (`asks`). `assents` and `refusals` are yes and no where nothing else is asked, `guesses` a yes that
    is no agreement. In all languages: people mix them."""
    return frozenset(str(word) for locale in LOCALES for word in _file(locale)["understands"][kind])


def keys(locale: str) -> frozenset[str]:
    """Every key of the locale's file."""
    return frozenset(_phrases(locale))


@cache
def _phrases(locale: str) -> Mapping[str, str]:
    says: dict[str, Any] = _file(locale)["says"]
    flat = {key: text for key, text in says.items() if isinstance(text, str)}
    for section, texts in says.items():
        if isinstance(texts, dict):
            flat.update({f"{section}.{key}": text for key, text in texts.items()})
    return flat


@cache
def _file(locale: str) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load((files(__package__) / f"{locale}.yml").read_text(encoding="utf-8"))
    return loaded
