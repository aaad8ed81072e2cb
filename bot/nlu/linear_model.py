"""A linear classifier over TF-IDF features: fitted by scikit-learn, evaluated with NumPy, stored without pickles.

scikit-learn's own transformers spend their time on checking and building sparse matrices, which is lost on single messages;
looking the features up takes a quarter of a millisecond. A model file from elsewhere can hold wrong numbers but no code.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, vstack
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.svm import LinearSVC

from bot.nlu.lexicon import Lexicon
from bot.nlu.meanings import is_meaning, meaning_features
from bot.nlu.text import letter_features, word_features, words_of

VOCABULARY_FILE = "vocabulary.json"
WEIGHTS_FILE = "weights.npz"

_UNKNOWN = "@unknown"
_SEEN_ENOUGH = 2
"""A word of a single example counts as unknown, so that the model learns what messages full of unknown words are."""

_BLANK = ""
_SHORTEST_BLANKED = 4
"""Words; in a shorter message each one may decide."""

_FOLDS = 3
_SHARPEST = 12.0
"""Held-out margins decide how sharp probabilities are; beyond this factor nothing changes any more."""

_Blocks = tuple[list[str], ...]
_Floats = NDArray[np.float32]


@dataclass(frozen=True)
class LinearModel:
    """Probabilities of the labels for one message."""

    labels: tuple[str, ...]
    known_words: frozenset[str]
    lexicon: Lexicon
    rows: dict[str, int]
    rarity: _Floats
    coefficients: _Floats
    intercepts: _Floats

    def probabilities(self, words: list[str]) -> dict[str, float]:
        """The probability of each label for a message's words."""
        scores = self.intercepts.astype(np.float64)
        for block in _features(words, self.known_words, self.lexicon):
            rows, values = _weigh(block, self.rows, self.rarity)
            scores += values @ self.coefficients[rows]
        exponentials = np.exp(scores - scores.max())
        return dict(zip(self.labels, (exponentials / exponentials.sum()).tolist(), strict=True))

    def save(self, directory: Path) -> None:
        """Write the model; the same model gives the same bytes."""
        vocabulary = {
            "labels": self.labels,
            "known_words": sorted(self.known_words),
            "lexicon": self.lexicon.to_json(),
            "features": list(self.rows),
        }
        text = json.dumps(vocabulary, ensure_ascii=False, separators=(",", ":"))
        (directory / VOCABULARY_FILE).write_text(text, encoding="utf-8")
        np.savez(
            directory / WEIGHTS_FILE, rarity=self.rarity, coefficients=self.coefficients, intercepts=self.intercepts
        )

    @classmethod
    def load(cls, directory: Path) -> "LinearModel":
        """Read a saved model."""
        vocabulary = json.loads((directory / VOCABULARY_FILE).read_text(encoding="utf-8"))
        with np.load(directory / WEIGHTS_FILE, allow_pickle=False) as weights:
            return cls(
                labels=tuple(vocabulary["labels"]),
                known_words=frozenset(vocabulary["known_words"]),
                lexicon=Lexicon.from_json(vocabulary["lexicon"]),
                rows={feature: row for row, feature in enumerate(vocabulary["features"])},
                rarity=weights["rarity"],
                coefficients=weights["coefficients"],
                intercepts=weights["intercepts"],
            )


def fit(
    examples: Iterable[tuple[str, str]], regularisation: float, lexicon: Lexicon | None = None, blanked: int = 0
) -> LinearModel:
    """Fit a model to (text, label) pairs. The order of the pairs does not matter, and a repeated pair counts once.

    `blanked` copies of each sentence are learned as well, each with one word made unknown, so that no single word carries
    a sentence: worth one to two points on sentences of new words.

    A support vector machine generalises better here than logistic regression, and is fitted twenty times as fast; its
    margins become probabilities by the one factor that suits examples it was not fitted to.
    """
    lexicon = lexicon or Lexicon()
    unique = sorted({(tuple(words_of(text)), label) for text, label in examples})
    sentences = [list(words) for words, _ in unique]
    targets = np.array([label for _, label in unique])
    seen = Counter(chain.from_iterable(set(words) for words in sentences))
    known_words = frozenset(word for word, count in seen.items() if count >= _SEEN_ENOUGH)

    documents = [_features(words, known_words, lexicon) for words in sentences]
    frequency = Counter(chain.from_iterable(set(chain(*blocks)) for blocks in documents))
    features = sorted(feature for feature, count in frequency.items() if count >= _SEEN_ENOUGH)
    rows = {feature: row for row, feature in enumerate(features)}
    appearances = np.array([frequency[feature] for feature in features])
    rarity = (np.log((1 + len(documents)) / (1 + appearances)) + 1).astype(np.float32)

    copies = [(copy, label) for words, label in unique for copy in _blanked(words, blanked)]
    classifier = LinearSVC(C=regularisation, class_weight="balanced", random_state=0)
    matrix = _matrix(documents, rows, rarity)
    sharpness = _sharpness(classifier, matrix, targets)
    blanks = _matrix([_features(words, known_words, lexicon) for words, _ in copies], rows, rarity)
    classifier.fit(vstack([matrix, blanks]), np.array([*targets, *(label for _, label in copies)]))
    coefficients, intercepts = _one_row_per_label(classifier)
    return LinearModel(
        labels=tuple(str(label) for label in classifier.classes_),
        known_words=known_words,
        lexicon=lexicon,
        rows=rows,
        rarity=rarity,
        coefficients=np.ascontiguousarray(coefficients.T * sharpness, dtype=np.float32),
        intercepts=(intercepts * sharpness).astype(np.float32),
    )


def _blanked(words: tuple[str, ...], copies: int) -> Iterator[list[str]]:
    """Copies of a sentence, each with one word made unknown; the same ones for the same sentence."""
    if len(words) < _SHORTEST_BLANKED:
        return
    first = crc32(" ".join(words).encode())
    for copy in range(min(copies, len(words))):
        place = (first + copy * len(words) // copies) % len(words)
        yield [*words[:place], _BLANK, *words[place + 1 :]]


def _one_row_per_label(classifier: LinearSVC) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """scikit-learn gives two labels one row, which speaks for the second."""
    coefficients, intercepts = classifier.coef_, classifier.intercept_
    if len(classifier.classes_) == 2:
        return np.vstack([-coefficients, coefficients]), np.concatenate([-intercepts, intercepts])
    return coefficients, intercepts


def _sharpness(classifier: LinearSVC, matrix: csr_matrix, targets: NDArray[np.str_]) -> float:
    """The factor on the margins under which the probabilities of held-out examples are the most truthful."""
    labels, position, sizes = np.unique(targets, return_inverse=True, return_counts=True)
    if sizes.min() < _FOLDS:
        return 1.0
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    margins = cross_val_predict(classifier, matrix, targets, cv=folds, method="decision_function")
    if len(labels) == 2:
        margins = np.column_stack([-margins, margins])

    def surprise(factor: float) -> float:
        scores = margins * factor
        highest = scores.max(axis=1)
        total = np.log(np.exp(scores - highest[:, None]).sum(axis=1)) + highest
        return float((total - scores[np.arange(len(scores)), position]).mean())

    return float(minimize_scalar(surprise, bounds=(0.1, _SHARPEST), method="bounded").x)


def _features(words: list[str], known_words: frozenset[str], lexicon: Lexicon) -> _Blocks:
    masked = [word if word in known_words else _UNKNOWN for word in words]
    found = list(lexicon.find(words))
    listed = [one for one in found if not is_meaning(one.name)]
    for one in listed:
        for at in range(one.start, one.end):
            if masked[at] == _UNKNOWN:
                masked[at] = f"@{one.name}"
    return (
        [f"w:{feature}" for feature in word_features(masked)],
        [f"l:{feature}" for feature in letter_features(words)],
        [f"c:{one.name}" for one in listed],
        [f"m:{feature}" for feature in meaning_features(found)],
    )


def _weigh(features: list[str], rows: dict[str, int], rarity: _Floats) -> tuple[NDArray[np.int64], _Floats]:
    """The rows of the known features and their TF-IDF values, scaled to length one."""
    counts = Counter(row for row in map(rows.get, features) if row is not None)
    found = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
    values = (1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))) * rarity[found]
    length = float(np.sqrt(values @ values))
    return found, values / length if length else values


def _matrix(documents: Sequence[_Blocks], rows: dict[str, int], rarity: _Floats) -> csr_matrix:
    data: list[float] = []
    columns: list[int] = []
    ends = [0]
    for blocks in documents:
        for block in blocks:
            found, values = _weigh(block, rows, rarity)
            columns.extend(found.tolist())
            data.extend(values.tolist())
        ends.append(len(columns))
    return csr_matrix((data, columns, ends), shape=(len(documents), len(rows)))
