"""Charts that do not show what the plan says."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from markezy.strategies.writing.document import Kind

from tests.markezy.strategies.checks.documents import Written
from tests.markezy.strategies.checks.mutators.editing import blocks, with_block
from tests.markezy.strategies.checks.mutators.making import Defect, Draw, mutator


def _chart(written: Written, figure: str, change: Callable[[dict[str, Any]], None]) -> Defect | None:
    chart = next((block for block in blocks(written.document, Kind.FIGURE) if block.figure == figure), None)
    if chart is None:
        return None
    data = deepcopy(chart.data or {})
    change(data)
    return Defect(with_block(written.document, chart, data=data), chart.id, "coherence", ("wrong_figure",))


@mutator
def wrong_split(written: Written, draw: Draw) -> Defect | None:
    def change(data: dict[str, Any]) -> None:
        part = draw.of(data["parts"])
        key = draw.of(["percent", "share", "amount", "name"])
        part[key] = {"percent": part["percent"] + 1, "share": "3 %", "amount": "€77,777", "name": "Zeppelin"}[key]

    return _chart(written, "budget_split", change)


@mutator
def wrong_calendar(written: Written, draw: Draw) -> Defect | None:
    def change(data: dict[str, Any]) -> None:
        kind = draw.of(["bar", "week", "month"])
        if kind == "bar":
            draw.of(data["bars"])["last"] += 9
        elif kind == "week":
            weeks = data["weeks"]
            weeks[2]["first"], weeks[3]["first"] = weeks[3]["first"], weeks[2]["first"]
        else:
            data["months"].reverse()

    return _chart(written, "calendar", change)


@mutator
def wrong_forecast(written: Written, draw: Draw) -> Defect | None:
    def change(data: dict[str, Any]) -> None:
        month = draw.of(data["months"])
        month["high"] = int(month["high"]) * 2 + 9

    return _chart(written, "forecast", change)
