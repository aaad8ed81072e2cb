"""Words that tell what a sentence says from what it only mentions."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml


def known(kind: str) -> frozenset[str]:
    """The plain words of one kind: a key of `vocabulary.yml`."""
    return _all()[kind]


@cache
def _all() -> Mapping[str, frozenset[str]]:
    loaded: dict[str, str] = yaml.safe_load((files(__package__) / "vocabulary.yml").read_text(encoding="utf-8"))
    return {kind: frozenset(words.split()) for kind, words in loaded.items()}


def valued(kind: str) -> Mapping[str, int]:
    """The plain words for dates of one kind with what they stand for: a key of `date_words.yml`."""
    return _all_valued()[kind]


@cache
def _all_valued() -> Mapping[str, Mapping[str, int]]:
    loaded: dict[str, str] = yaml.safe_load((files(__package__) / "date_words.yml").read_text(encoding="utf-8"))
    pairs = {kind: [entry.partition("=") for entry in entries.split()] for kind, entries in loaded.items()}
    return {kind: {word: int(value) for word, _, value in entries} for kind, entries in pairs.items()}
