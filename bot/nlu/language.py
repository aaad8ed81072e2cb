"""Which language a message is in, or wishes for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.nlu.lexicon import Lexicon
from bot.nlu.linear_model import LinearModel, fit
from bot.nlu.meanings import without_meanings
from bot.nlu.text import words_of

FOREIGN_NAMES = frozenset({"brand", "city", "person_name", "business"})
"""Lists whose words say nothing about the language: a "restaurant" is one in all three."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NAMES = {
    "en": "english anglais inglese ingles englisch",
    "fr": "french francais frances franzosisch",
    "es": "spanish espanol espagnol castellano spanisch",
}
_LANGUAGES = {name: locale for locale, names in _NAMES.items() for name in names.split()}
_OTHERS = _set(
    "german deutsch allemand aleman italian italiano italien portuguese portugues portugais dutch nederlands neerlandais "
    "holandes arabic arabe chinese chinois chino catalan euskera basque russian russe ruso polish polonais japanese"
)
_NEGATIONS = _set("not dont doesnt cant cannot never isnt no n ne pas rien nada nunca tampoco ni than instead")
_OBJECTIONS = _set("why pourquoi stop arretez arrete deja dejen dejad")
_AWAY_FROM = _set("from del du de")
_MINE = _set("my mon mi")
_ADDRESSED = _set(
    "you u vous tu parlez parles pouvez peut hablas habla hablan hablais hablas puedes puede pueden podeis podemos"
)
_CLAUSE = re.compile(r"[,.;:!?¿¡…—–()\n]+|\b(?:but|and|mais|et|pero|sino|y|because|parce que|porque|so|donc)\b")
_NEAR = 6
_PLACEHOLDER = "@"
_FEWEST_WORDS = 3
_FEWEST_KNOWN = 0.6


@dataclass(frozen=True)
class LanguageModel:
    """Recognises the languages of the training data."""

    model: LinearModel

    def detect(self, text: str) -> tuple[str, float] | None:
        """The language of a text and how probable it is; None when there are too few words to tell, or too few of them are
        words of a language we know."""
        words = _telling_words(text, self.model.lexicon)
        if len(words) < _FEWEST_WORDS:
            return None
        known = sum(word in self.model.known_words for word in words)
        if known < _FEWEST_KNOWN * len(words):
            return None
        probabilities = self.model.probabilities(words)
        locale = max(probabilities, key=lambda one: probabilities[one])
        return locale, probabilities[locale]


def fit_language(examples: Iterable[tuple[str, str]], lexicon: Lexicon) -> LanguageModel:
    """Learn the languages from (text, locale) pairs."""
    lexicon = without_meanings(lexicon)
    telling = ((" ".join(_telling_words(text, lexicon)), locale) for text, locale in examples)
    return LanguageModel(fit(((text, locale) for text, locale in telling if text), 1.0, lexicon))


def wished(text: str) -> str | None:
    """The language that a wish to change it names: "I don't speak French, English please" wishes for English.

    None when it names none of ours, or only what it does not want.
    """
    wanted = [locale for locale, denied in _named(text) if not denied]
    return wanted[-1] if wanted else None


def turns_down(text: str) -> bool:
    """Whether a text names a language of ours only to turn it down: "je ne parle pas anglais"."""
    named = _named(text)
    return bool(named) and all(denied for _, denied in named)


def names_another_language(text: str) -> bool:
    """Whether a text names a language that is none of ours."""
    return any(word in _OTHERS for word in words_of(text))


def _named(text: str) -> list[tuple[str, bool]]:
    """The languages in a text in their order, each with whether the text turns it down."""
    found = []
    for clause in _CLAUSE.split(text.lower()):
        words = words_of(clause)
        for at, word in enumerate(words):
            if word in _LANGUAGES:
                found.append((_LANGUAGES[word], _is_denied(words, at)))
    return found


def _is_denied(words: list[str], at: int) -> bool:
    near = words[max(0, at - _NEAR) : at]
    if _OBJECTIONS & set(near) or "por que" in " ".join(near):
        return True
    if near and near[-1] in _AWAY_FROM:
        return True
    # "my French is bad": what is said of one's own language is no wish for it.
    if _MINE & set(near[-2:]) and at + 1 < len(words):
        return True
    # "don't you speak English?" asks for it.
    return bool(_NEGATIONS & set(near)) and not _ADDRESSED & set(near)


def _telling_words(text: str, lexicon: Lexicon) -> list[str]:
    """The words that tell the language: without addresses, figures and names."""
    words: list[str] = []
    for place, part in enumerate(text.split()):
        # A capital inside a sentence begins a name, except in English "I".
        is_name = place > 0 and part[:1].isupper() and part.rstrip(",.!?") not in ("I", "I'm", "I'd", "I'll", "I've")
        if not (is_name and not text.isupper()):
            words += words_of(part)
    named = {at for one in lexicon.find(words) if one.name in FOREIGN_NAMES for at in range(one.start, one.end)}
    return [
        word
        for at, word in enumerate(words)
        if at not in named and word.isalpha() and not word.startswith(_PLACEHOLDER)
    ]
