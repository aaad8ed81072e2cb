"""What a document calls the channels and KPIs of its plan."""

from collections.abc import Collection, Mapping

from markezy.strategies.checks.reading import Reading, folded, plain
from markezy.strategies.writing.sandbox import BrokenTemplate
from markezy.strategies.writing.words import ChannelWords, KpiWords

CHECK = "coherence"


class Names:
    """Names as this document writes them; where two are called the same, what is in the plan bears the name."""

    def __init__(
        self,
        reading: Reading,
        words: Mapping[str, ChannelWords] | Mapping[str, KpiWords],
        planned: Collection[str],
    ) -> None:
        self.shown: dict[str, str] = {}
        """By id."""
        for id_, entry in words.items():
            try:
                self.shown[id_] = plain(reading.context.write(entry.name)).strip()
            except BrokenTemplate:
                continue  # it is not in this document then
        ordered = sorted(self.shown, key=lambda id_: id_ not in planned)
        self._ids = {folded(self.shown[id_]): id_ for id_ in reversed(ordered)}

    def id_of(self, shown: str) -> str | None:
        """Whose name it is; None when it is nobody's."""
        return self._ids.get(folded(plain(shown)))


def channel_names(reading: Reading) -> Names:
    return Names(reading, reading.words.channels, {part.id for part in reading.plan.channels})


def kpi_names(reading: Reading) -> Names:
    return Names(reading, reading.words.kpis, {kpi.id for kpi in reading.plan.kpis})
