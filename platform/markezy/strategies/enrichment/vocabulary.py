"""Words by which the guard knows figures and promises (`words/<language>.yml`), and the language of a text."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from py3langid.langid import MODEL_FILE, LanguageIdentifier

_FOLDER = Path(__file__).parent / "words"
_FEWEST_WORDS = 8
_SURE = 0.9


@dataclass(frozen=True)
class Vocabulary:
    """One language's words, without accents."""

    figures: frozenset[str]
    promises: tuple[re.Pattern[str], ...]


@lru_cache
def vocabulary(locale: str) -> Vocabulary:
    """The words of en, fr or es."""
    words = yaml.safe_load((_FOLDER / f"{locale}.yml").read_text(encoding="utf-8"))
    return Vocabulary(
        frozenset(words["figures"]), tuple(re.compile(rf"(?<!\w){promise}") for promise in words["promises"])
    )


def language_of(text: str) -> str | None:
    """en, fr or es; None when the text is too short to tell or could be several."""
    if len(text.split()) < _FEWEST_WORDS:
        return None
    language, probability = _identifier().classify(text)
    return str(language) if probability >= _SURE else None


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(["en", "fr", "es"])
    return identifier
