"""Logistic regression over TF-IDF features: fitted by scikit-learn, evaluated with NumPy, stored without pickles.

scikit-learn's own transformers spend their time on checking and building sparse matrices, which is lost on single messages;
looking the features up takes a quarter of a millisecond. A model file from elsewhere can hold wrong numbers but no code.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bot.nlu.text import letter_features, word_features, words_of

VOCABULARY_FILE = "vocabulary.json"
WEIGHTS_FILE = "weights.npz"

_UNKNOWN = "@unknown"
_SEEN_ENOUGH = 2
"""A word of a single example counts as unknown, so that the model learns what messages full of unknown words are."""

_Blocks = tuple[list[str], list[str]]


@dataclass(frozen=True)
class LinearModel:
    """Probabilities of the intents for one message."""

    labels: tuple[str, ...]
    known_words: frozenset[str]
    rows: dict[str, int]
    rarity: NDArray[np.float32]
    coefficients: NDArray[np.float32]
    intercepts: NDArray[np.float32]

    def probabilities(self, words: list[str]) -> dict[str, float]:
        """The probability of each label for a message's words."""
        scores = self.intercepts.astype(np.float64)
        for block in _features(words, self.known_words):
            rows, values = _weigh(block, self.rows, self.rarity)
            scores += values @ self.coefficients[rows]
        exponentials = np.exp(scores - scores.max())
        return dict(zip(self.labels, (exponentials / exponentials.sum()).tolist(), strict=True))

    def save(self, directory: Path) -> None:
        """Write the model; the same model gives the same bytes."""
        vocabulary = {"labels": self.labels, "known_words": sorted(self.known_words), "features": list(self.rows)}
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
                rows={feature: row for row, feature in enumerate(vocabulary["features"])},
                rarity=weights["rarity"],
                coefficients=weights["coefficients"],
                intercepts=weights["intercepts"],
            )


def fit(examples: Iterable[tuple[str, str]], regularisation: float) -> LinearModel:
    """Fit a model to (text, label) pairs. The order of the pairs does not matter, and a repeated pair counts once."""
    unique = sorted({(tuple(words_of(text)), label) for text, label in examples})
    sentences = [list(words) for words, _ in unique]
    targets = [label for _, label in unique]
    seen = Counter(chain.from_iterable(set(words) for words in sentences))
    known_words = frozenset(word for word, count in seen.items() if count >= _SEEN_ENOUGH)

    documents = [_features(words, known_words) for words in sentences]
    frequency = Counter(chain.from_iterable(set(chain(*blocks)) for blocks in documents))
    features = sorted(feature for feature, count in frequency.items() if count >= _SEEN_ENOUGH)
    rows = {feature: row for row, feature in enumerate(features)}
    appearances = np.array([frequency[feature] for feature in features])
    rarity = (np.log((1 + len(documents)) / (1 + appearances)) + 1).astype(np.float32)

    classifier = LogisticRegression(C=regularisation, class_weight="balanced", max_iter=1000, tol=1e-3)
    classifier.fit(_matrix(documents, rows, rarity), targets)
    return LinearModel(
        labels=tuple(str(label) for label in classifier.classes_),
        known_words=known_words,
        rows=rows,
        rarity=rarity,
        coefficients=np.ascontiguousarray(classifier.coef_.T, dtype=np.float32),
        intercepts=classifier.intercept_.astype(np.float32),
    )


def _features(words: list[str], known_words: frozenset[str]) -> _Blocks:
    masked = [word if word in known_words else _UNKNOWN for word in words]
    return (
        [f"w:{feature}" for feature in word_features(masked)],
        [f"l:{feature}" for feature in letter_features(words)],
    )


def _weigh(
    features: list[str], rows: dict[str, int], rarity: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The rows of the known features and their TF-IDF values, scaled to length one."""
    counts = Counter(row for row in map(rows.get, features) if row is not None)
    found = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
    values = (1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))) * rarity[found]
    length = float(np.sqrt(values @ values))
    return found, values / length if length else values


def _matrix(documents: Sequence[_Blocks], rows: dict[str, int], rarity: NDArray[np.float32]) -> csr_matrix:
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
