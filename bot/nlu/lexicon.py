"""Word lists: the lookup tables of the training data, found in a message's words."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.nlu.text import words_of

_LONGEST_ENTRY = 4


@dataclass(frozen=True)
class Found:
    """The words from `start` up to, but without, `end` are an entry of the list `name`."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Lexicon:
    """Entries as tuples of normalised words, each with the lists it is in."""

    entries: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, lists: Mapping[str, Iterable[str]]) -> "Lexicon":
        """The lexicon of named lists; entries of more than four words are left out."""
        entries: dict[tuple[str, ...], set[str]] = {}
        for name, texts in lists.items():
            for text in texts:
                words = tuple(words_of(text))
                if 0 < len(words) <= _LONGEST_ENTRY:
                    entries.setdefault(words, set()).add(name)
        return cls({words: tuple(sorted(names)) for words, names in sorted(entries.items())})

    @classmethod
    def of_lookup_tables(cls, tables: Iterable[Mapping[str, Any]]) -> "Lexicon":
        """The lexicon of Rasa's lookup tables, whose elements are a list or the name of a file with one entry a line."""
        lists: dict[str, list[str]] = {}
        for table in tables:
            elements = table["elements"]
            if isinstance(elements, str):
                elements = Path(elements).read_text(encoding="utf-8").splitlines()
            lists.setdefault(table["name"], []).extend(elements)
        return cls.of(lists)

    @classmethod
    def load(cls, path: Path) -> "Lexicon":
        """Read a saved lexicon."""
        return cls.from_json(json.loads(path.read_text(encoding="utf-8")))

    def save(self, path: Path) -> None:
        """Write the lexicon; the same one gives the same bytes."""
        path.write_text(json.dumps(self.to_json(), ensure_ascii=False), encoding="utf-8")

    def names(self) -> frozenset[str]:
        """The names of the lists."""
        return frozenset(name for names in self.entries.values() for name in names)

    def only(self, names: Iterable[str]) -> "Lexicon":
        """The entries of these lists."""
        wanted = set(names)
        kept = {words: tuple(name for name in found if name in wanted) for words, found in self.entries.items()}
        return Lexicon({words: found for words, found in kept.items() if found})

    @classmethod
    def from_json(cls, stored: Mapping[str, Sequence[str]]) -> "Lexicon":
        return cls({tuple(entry.split(" ")): tuple(names) for entry, names in stored.items()})

    def to_json(self) -> dict[str, list[str]]:
        return {" ".join(words): list(names) for words, names in self.entries.items()}

    def find(self, words: Sequence[str]) -> Iterator[Found]:
        """The entries in these normalised words, at each place the longest one of every list."""
        for start in range(len(words)):
            seen: set[str] = set()
            for size in range(min(_LONGEST_ENTRY, len(words) - start), 0, -1):
                for name in self.entries.get(tuple(words[start : start + size]), ()):
                    if name not in seen:
                        seen.add(name)
                        yield Found(name, start, start + size)
