"""How a name, a label or an answer stands within a sentence of its language: small letters, and small words that melt into it."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale, UnknownLocaleError
from babel.core import get_global

from markezy.leads.api import QualifiedAnswer

_OPTION = re.compile(r"(?!\d{4}-\d\d-\d\d$)[a-z0-9][a-z0-9_+-]*")
"""How flows name options; days look alike."""
_WORD = re.compile(r"[\w/&+.’'-]*\w|\w")
_ELIDED = re.compile(r"(?i:[cdjlmnst]|qu)[’'](?=\w)")
_FRENCH_VOWEL = re.compile(r"(?i)[aàâæeéèêëiîïoôœuùûü]")
_FRENCH_ARTICLES = {("de", "le"): "du", ("de", "les"): "des", ("à", "le"): "au", ("à", "les"): "aux"}
_SPANISH_Y = re.compile(r"(?i)h?[ií](?![aeoáéó])")
_SPANISH_O = re.compile(r"(?i)h?[oó]")
_CONJUNCTIONS = {"en": "and", "fr": "et", "es": "y"}
_LONGEST_NAME = 4
_WHOLE_WORLD = "001"


def is_choice(answer: QualifiedAnswer) -> bool:
    """Whether its words are the flow's, an option's or a yes or no, and not the lead's own."""
    value = answer.value
    if isinstance(value, str):
        return value != answer.display and bool(_OPTION.fullmatch(value))
    return isinstance(value, bool | list)


def inside(text: str, locale: str) -> str:
    """The text with a small first letter, unless its first word is a name or an abbreviation: Google, SEO, B2B, I."""
    language = locale.partition("-")[0]
    if not text[:1].isupper() or _keeps_capital(text, language):
        return text
    return text[:1].lower() + text[1:]


def listed(names: Sequence[str], locale: str) -> str:
    """Names as a sentence lists them: A, B and C; with a comma before the last one where it could be read wrongly: A and B, and C."""
    *others, last = names
    if not others:
        return last
    conjunction = _CONJUNCTIONS.get(locale.partition("-")[0], _CONJUNCTIONS["en"])
    apart = "," if any(f" {conjunction} " in name for name in names[-2:]) else ""
    return ", ".join(others) + apart + " " + joined(conjunction, last, locale)


def joined(word: str, text: str, locale: str) -> str:
    """`word` and the text behind it, as the language joins them: d’Antibes, au Havre, e Internet. "" without a text."""
    if not text:
        return text
    language = locale.partition("-")[0]
    if language == "fr":
        article, _, rest = text.partition(" ")
        melted = _FRENCH_ARTICLES.get((word, article.lower()))
        if melted and rest:
            return melted + " " + text[len(article) + 1 :]
        if word in ("de", "que", "le", "la") and _FRENCH_VOWEL.match(text):
            return word[:-1] + "’" + text
    if language == "es":
        if word == "y" and _SPANISH_Y.match(text):
            word = "e"
        elif word == "o" and _SPANISH_O.match(text):
            word = "u"
    return word + " " + text


def _keeps_capital(text: str, language: str) -> bool:
    elided = _ELIDED.match(text) if language == "fr" else None
    if elided:
        return False
    words = _WORD.findall(text)
    if not words:
        return True
    first = words[0]
    if _is_abbreviation(first):
        return True
    if len(first.split("’")[0].split("'")[0]) == 1:
        return first not in _capitals()["small_words"].get(language, ())
    names = _names(language)
    if any(" ".join(words[:length]) in names for length in range(1, min(len(words), _LONGEST_NAME) + 1)):
        return True
    # San Sebastián is a name of two words; Annonces LinkedIn is one word and a name.
    return len(words) > 1 and all(
        word[0].isupper() and not _is_abbreviation(word) and word not in names for word in words[1:]
    )


def _is_abbreviation(word: str) -> bool:
    return any(letter.isupper() or letter.isdigit() for letter in word[1:])


@lru_cache(maxsize=8)
def _names(language: str) -> frozenset[str]:
    """What is written with a capital in this language, as far as it is known."""
    written = _capitals()
    try:
        locale = Locale.parse(language)
    except (ValueError, UnknownLocaleError):
        locale = Locale.parse("en")
    names = {*written["everywhere"], *written.get(locale.language, ())}
    names |= {str(name) for code, name in locale.territories.items() if code != _WHOLE_WORLD}
    # Time zones are called after cities, and CLDR says how those are called where it is not the same.
    names |= {zone.rpartition("/")[2].replace("_", " ") for zone in get_global("zone_territories")}
    names |= {str(zone["city"]) for zone in locale.time_zones.values() if "city" in zone}
    names -= {*written["ordinary"]}
    if locale.language == "en":
        names |= {str(name) for name in locale.languages.values()}
        for calendar in (locale.days, locale.months):
            names |= {str(name) for name in calendar["format"]["wide"].values()}
        names |= {f"{day}s" for day in locale.days["format"]["wide"].values()}
    return frozenset(names)


@lru_cache(maxsize=1)
def _capitals() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "capitals.yml").read_text(encoding="utf-8"))
    return loaded
