"""What a document calls the channels and KPIs of its plan. Names may be templates, so each is a pattern."""

import re
from collections.abc import Iterable, Mapping

from markezy.strategies.checks.reading import Reading, folded, pattern_of, plain
from markezy.strategies.writing.words import ChannelWords, KpiWords

CHECK = "coherence"


class Names:
    """From a name as it is shown to its id, for one part of the words."""

    def __init__(self, entries: Mapping[str, ChannelWords] | Mapping[str, KpiWords]) -> None:
        self._exact: dict[str, str] = {}
        self._patterns: list[tuple[re.Pattern[str], str]] = []
        for id_, entry in entries.items():
            name = entry.name.source
            if "{" in name:
                self._patterns.append((re.compile(pattern_of(name), re.IGNORECASE), id_))
            elif name:
                self._exact.setdefault(folded(plain(name)), id_)

    def id_of(self, shown: str) -> str | None:
        """Whose name it is; None when it is nobody's."""
        name = folded(plain(shown))
        if name in self._exact:
            return self._exact[name]
        return next((id_ for pattern, id_ in self._patterns if pattern.fullmatch(plain(shown).strip())), None)

    def ids_of(self, shown: Iterable[str]) -> list[str | None]:
        return [self.id_of(each) for each in shown]


def channel_names(reading: Reading) -> Names:
    return Names(reading.words.channels)


def kpi_names(reading: Reading) -> Names:
    return Names(reading.words.kpis)
