"""Where what is made for a lead stands: told by the work that is still to be done for them, which is never lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection

from markezy.kernel.outbox import open_tasks
from markezy.strategies.model import StrategyStatus


class Step(StrEnum):
    """The steps of a strategy, in their order."""

    WRITING = "writing"
    IMPROVING = "improving"
    CHECKING = "checking"
    RENDERING = "rendering"
    DELIVERING = "delivering"


_STEPS = {
    "strategies.improve": (StrategyStatus.GENERATED, Step.IMPROVING),
    "strategies.check": (StrategyStatus.GENERATED, Step.CHECKING),
    "strategies.render": (StrategyStatus.CHECKED, Step.RENDERING),
    "strategies.announce": (StrategyStatus.RENDERED, Step.DELIVERING),
    "strategies.email": (StrategyStatus.RENDERED, Step.DELIVERING),
}
"""By task the status in which it has something to do, and what that is. One that comes twice has nothing to do the second time."""


@dataclass(frozen=True)
class Standing:
    """`writing`: an edition was asked for and is not written yet. `steps` are those that written strategies are at; the others rest."""

    writing: bool
    steps: Mapping[UUID, Step]

    @property
    def in_production(self) -> bool:
        """Whether an edition is on its way that is not finished; one that is only being delivered is."""
        return self.writing or any(step is not Step.DELIVERING for step in self.steps.values())


def standing_of(connection: Connection, tenant_id: UUID, lead_id: UUID, statuses: Mapping[UUID, str]) -> Standing:
    """Where the lead's strategies, given with their statuses, stand; in one query."""
    tasks = open_tasks(connection, tenant_id, [lead_id, *statuses])
    steps = {
        strategy_id: min(found, key=list(Step).index)
        for strategy_id, status in statuses.items()
        if (found := [step for name in tasks.get(strategy_id, ()) for when, step in _of(name) if when == status])
    }
    return Standing("strategies.generate" in tasks.get(lead_id, ()), steps)


def _of(task: str) -> list[tuple[StrategyStatus, Step]]:
    return [_STEPS[task]] if task in _STEPS else []
