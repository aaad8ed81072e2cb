"""Which questions a lead speaks of."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from rapidfuzz import fuzz

from markezy.flows.answers.corrections import read_correction
from markezy.flows.answers.lexicon import Lexicon, Name, lexicon
from markezy.flows.answers.mentions import find_options
from markezy.flows.answers.passages import Passage, passage
from markezy.flows.answers.vocabulary import known
from markezy.flows.definition import Question

Span = tuple[int, int]

_LONGEST = 300
_SUBJECT = 100.0
_LONGER_NAME = 4.0
"""What each further word of a name that was said whole is worth."""
_OPTION = 60.0
_CLOSE_ENOUGH = 80
_SHORTEST = 5
"""Letters of a word from which a likeness means something."""
_SAME_BEGINNING = 5
_ENDING = 5
"""Letters by which two forms of a word differ at most: "advertise", "advertising"."""
_CLEARLY_BETTER = 4.0


def find_questions(questions: Mapping[str, Question], text: str, locale: str) -> list[str]:
    """The questions the text names, the best match first; several only when it can't be told which one is meant.

    By label and keywords in any language, id, or an option's name; typing errors and inflection are forgiven when
    nothing fits exactly. The new answer in the text ("make it …") names no subject, but may name an option.
    """
    said = passage(text[:_LONGEST])
    if not said.words:
        return []
    answer = _answer_in(said)
    scores = _exactly(questions, said, answer) or _nearly(questions, said, answer)
    best = max(scores.values(), default=0.0)
    close = [id_ for id_ in questions if scores.get(id_, 0.0) > 0 and scores[id_] >= best - _CLEARLY_BETTER]
    return sorted(close, key=lambda id_: -scores[id_])


def _answer_in(said: Passage) -> Span:
    new = read_correction(said.text).new
    start = said.text.rfind(new) if new else -1
    return said.at(start, start + len(new)) if new and start >= 0 else (0, 0)


def _exactly(questions: Mapping[str, Question], said: Passage, answer: Span) -> dict[str, float]:
    subjects = [
        (id_, span)
        for id_, question in questions.items()
        for span in said.find(_subject_names(id_, lexicon(question)))
        if not _within(span, answer)
    ]
    scores: dict[str, float] = {}
    for id_, (first, last) in subjects:
        if not any(other != (first, last) and _within((first, last), other) for _, other in subjects):
            scores[id_] = max(scores.get(id_, 0.0), _SUBJECT + _LONGER_NAME * (last - first - 1))
    if scores:
        return scores
    options = [
        (id_, name.telling, span)
        for id_, question in questions.items()
        for name, span in find_options(said, lexicon(question))
    ]
    for id_, telling, span in options:
        if not any(other != span and _within(span, other) for _, _, other in options):
            scores[id_] = max(scores.get(id_, 0.0), _OPTION + (_CLEARLY_BETTER + 1) * telling)
    return scores


def _nearly(questions: Mapping[str, Question], said: Passage, answer: Span) -> dict[str, float]:
    words = [
        word.plain
        for number, word in enumerate(said.words)
        if len(word.plain) >= _SHORTEST
        and not answer[0] <= number < answer[1]
        and word.plain not in known("asking")
        and not word.plain.isdigit()
    ]
    if not words:
        return {}
    scores = {
        id_: _likeness(words, _telling_words(_subject_names(id_, lexicon(question))))
        for id_, question in questions.items()
    }
    return {id_: score for id_, score in scores.items() if score}


def _likeness(words: Iterable[str], names: tuple[str, ...]) -> float:
    return max((_alike(word, name) for word in words for name in names), default=0.0)


@lru_cache(maxsize=16384)
def _alike(word: str, name: str) -> float:
    if word[:_SAME_BEGINNING] == name[:_SAME_BEGINNING]:
        common = next(
            (place for place, (one, two) in enumerate(zip(word, name, strict=False)) if one != two),
            min(len(word), len(name)),
        )
        if max(len(word), len(name)) - common <= _ENDING:
            return 95.0
    return fuzz.ratio(word, name, score_cutoff=_CLOSE_ENOUGH)


@lru_cache(maxsize=4096)
def _telling_words(names: tuple[Name, ...]) -> tuple[str, ...]:
    """The words of names that alone may stand for the whole: those of one word, and the rare ones of longer names."""
    words = (
        word
        for name in names
        for word in name
        if len(word) >= _SHORTEST and (len(name) == 1 or word not in known("everyday"))
    )
    return tuple(dict.fromkeys(words))


def _subject_names(id_: str, words: Lexicon) -> tuple[Name, ...]:
    own = tuple(id_.split("_"))
    return words.subject if own in words.subject else (*words.subject, own)


def _within(one: Span, other: Span) -> bool:
    return other[0] <= one[0] and one[1] <= other[1]
