"""The plans and the figures of every caller: `platform/seeds/plans.yml`, read once."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

SOURCE = Path(__file__).resolve().parent.parent / "platform" / "seeds" / "plans.yml"


class UnknownPlan(ValueError):
    """A plan or a figure that `plans.yml` does not know. The text says what there is."""


@dataclass(frozen=True)
class Plan:
    """What one agency may use; None is not limited. `weight` is its share beside others when all are busy."""

    name: str
    weight: int
    requests_per_minute: int | None
    messages_per_minute: int | None
    conversations_per_day: int | None
    leads_per_month: int | None
    strategies_per_day: int | None
    storage_megabytes: int | None


FIGURES = tuple(each.name for each in fields(Plan) if each.name != "name")


@dataclass(frozen=True)
class Plans:
    """All there is to choose from."""

    default: str
    by_name: Mapping[str, Plan]
    callers: Mapping[str, Mapping[str, int]]
    """Requests per minute by kind of caller (`address`, `user`, `visitor`) and class of endpoint."""

    def plan(self, name: str | None, overrides: Mapping[str, Any] | None = None) -> Plan:
        """The plan `name`, or the default one, with single figures replaced; UnknownPlan says what is wrong."""
        chosen = self.by_name.get(name or self.default)
        if chosen is None:
            raise UnknownPlan(f"There is no plan {name!r}. There are: {', '.join(sorted(self.by_name))}.")
        return replace(chosen, **_figures(overrides)) if overrides else chosen

    def per_minute(self, caller: str, kind: str) -> int | None:
        """How often one `caller` may use endpoints of the class `kind`; None when that is not limited."""
        return self.callers[caller].get(kind)


@lru_cache(maxsize=1)
def plans() -> Plans:
    """The plans of `plans.yml`."""
    return parsed(SOURCE.read_text(encoding="utf-8"))


def parsed(source: str) -> Plans:
    """The plans of a file's text; UnknownPlan when a figure is missing, unknown or no number."""
    document = yaml.safe_load(source)
    by_name = {}
    for name, figures in document["plans"].items():
        missing = set(FIGURES) - set(figures)
        if missing:
            raise UnknownPlan(f"The plan {name!r} lacks {', '.join(sorted(missing))}.")
        by_name[name] = Plan(name=name, **_figures(figures))
    return Plans(document["default"], by_name, document["callers"])


def _figures(given: Mapping[str, Any]) -> dict[str, Any]:
    for figure, value in given.items():
        if figure not in FIGURES:
            raise UnknownPlan(f"There is no figure {figure!r}. There are: {', '.join(FIGURES)}.")
        is_number = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        if not (is_number or (value is None and figure != "weight")) or (figure == "weight" and value == 0):
            raise UnknownPlan(f"{figure} must be a whole number{' above 0' if figure == 'weight' else ', or null'}.")
    return dict(given)
