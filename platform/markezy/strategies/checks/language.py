"""Whether everything is in the document's language, without what the lead said in theirs.

Two witnesses. A model (py3langid, between our three languages) judges blocks of a dozen words or more. Words that exist in one of the
languages only (`stopwords.yml`) judge each sentence, which a model can't: they find the one foreign sentence in a paragraph, and the
short heading. The model is only believed when these words do not speak for the document's language.
"""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import yaml
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from markezy.strategies.checks.finding import Finding, problem
from markezy.strategies.checks.reading import GAP, Piece, Reading, Role, sentences, words_of

CHECK = "language"

_LONG = 12
"""Words from which on the model is asked."""
_CONFIDENT = 0.9
_TELLING = 2
"""So many words of another language, and none of its own, make a sentence foreign."""
_SHARE = 4
"""At least one word in so many must be telling."""


def language(reading: Reading) -> Iterator[Finding]:
    own = reading.language
    if own not in stopwords():
        return
    for place, pieces in _places(reading).items():
        found = next(filter(None, (_foreign(piece, own) for piece in pieces)), None) or _foreign_as_a_whole(pieces, own)
        if found:
            yield Finding(CHECK, place, problem("other_language", found=found, language=own))


def _places(reading: Reading) -> dict[str, list[Piece]]:
    """Texts by place; charts repeat what stands elsewhere."""
    places: dict[str, list[Piece]] = {}
    for piece in reading.pieces:
        if piece.role is not Role.LABEL:
            places.setdefault(piece.place, []).append(piece)
    return places


def _foreign(piece: Piece, own: str) -> str | None:
    """The language of the first foreign sentence."""
    for sentence in sentences(piece.own):
        words = [word.lower() for word in words_of(sentence.replace(GAP, " "))]
        telling = _telling(words)
        if telling[own]:
            continue
        for other, count in telling.most_common(1):
            if count >= _TELLING and count * _SHARE >= len(words):
                return other
    return None


def _foreign_as_a_whole(pieces: list[Piece], own: str) -> str | None:
    text = "\n".join(piece.own for piece in pieces).replace(GAP, " ")
    words = [word.lower() for word in words_of(text)]
    if len(words) < _LONG:
        return None
    telling = _telling(words)
    if telling[own] and telling[own] >= max(telling.values()):
        return None
    found, confidence = _identifier().classify(text)
    return found if found != own and confidence >= _CONFIDENT else None


def _telling(words: list[str]) -> Counter[str]:
    return Counter({name: sum(word in telling for word in words) for name, telling in stopwords().items()})


@lru_cache(maxsize=1)
def stopwords() -> dict[str, frozenset[str]]:
    """By language, frequent words that no other of our languages has."""
    loaded = yaml.safe_load((Path(__file__).parent / "stopwords.yml").read_text(encoding="utf-8"))
    lists = {name: set(words.split()) for name, words in loaded.items()}
    return {
        name: frozenset(words.difference(*(other for other_name, other in lists.items() if other_name != name)))
        for name, words in lists.items()
    }


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(["en", "fr", "es"])
    return identifier
