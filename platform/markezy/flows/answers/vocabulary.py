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
