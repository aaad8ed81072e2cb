"""The classes of data that have a period: `platform/seeds/retention.yml`, read once. No I/O beyond that."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from markezy.kernel.errors import Invalid

SOURCE = Path(__file__).resolve().parents[2] / "seeds" / "retention.yml"


@dataclass(frozen=True)
class DataClass:
    """Data that is kept for the same time. `states` are those of leads; empty for a class that is no leads but rows beside the log."""

    name: str
    days: int
    """Unless an agency chose its own."""
    least: int
    most: int
    states: frozenset[str] = frozenset()

    @property
    def is_leads(self) -> bool:
        """Whether removing means forgetting whole leads."""
        return bool(self.states)

    def checked(self, days: int) -> int:
        """`days` if an agency may choose that; Invalid when it is too short or too long."""
        if not self.least <= days <= self.most:
            raise Invalid(f"{self.name} goes from {self.least} to {self.most} days.", data_class=self.name)
        return days


@lru_cache(maxsize=1)
def classes() -> Mapping[str, DataClass]:
    """All classes by name, leads first, in the order of the file."""
    document = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    found = {}
    for group in ("leads", "rows"):
        for name, figures in document[group].items():
            found[name] = DataClass(name, **{**figures, "states": frozenset(figures.get("states", ()))})
    return found


def checked(wanted: Mapping[str, int]) -> dict[str, int]:
    """Periods an agency wants, if it may have them. Invalid for an unknown class, or a period that is too short or too long."""
    known = classes()
    for name in wanted:
        if name not in known:
            raise Invalid(f"There is no class of data {name!r}; there are {', '.join(known)}.")
    return {name: known[name].checked(days) for name, days in wanted.items()}
