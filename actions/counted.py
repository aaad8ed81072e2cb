"""What every action has in common: it is timed and counted, and its failures tell nothing personal."""

import time
import traceback
from abc import abstractmethod
from typing import Any

import structlog
from prometheus_client import Counter, Histogram
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.failure import ActionFailed
from actions.turn import TurnInput, read_turn

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_SECONDS = Histogram("markezy_action_seconds", "Seconds in an action.", ["action"])
_ACTIONS = Counter("markezy_actions_total", "Actions run.", ["action", "result"])


class CountedAction(Action):  # type: ignore[misc]
    """Times and counts; lets no exception out that is not an ActionFailed without anything personal in it."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Rasa's entry point. An exception fails the turn, see docs/decisions/0006-action-server.md."""
        started = time.perf_counter()
        result = "failed"
        correlation_id = ""
        try:
            turn = read_turn(tracker)
            correlation_id = turn.correlation_id
            events = await self.carry_out(dispatcher, turn)
            result = "done"
            return events
        except ActionFailed as failure:
            log.error("action.failed", action=self.name(), reason=str(failure), correlation_id=correlation_id)
            raise
        except Exception as error:
            # Neither the message nor the variables of a traceback go to the log: they may hold what the lead wrote.
            place = traceback.extract_tb(error.__traceback__)[-1]
            log.error(
                "action.broken",
                action=self.name(),
                error=type(error).__name__,
                at=f"{place.filename.rsplit('/', 1)[-1]}:{place.lineno}",
                correlation_id=correlation_id,
            )
            raise ActionFailed(f"{self.name()} broke: {type(error).__name__}") from None
        finally:
            seconds = time.perf_counter() - started
            _SECONDS.labels(self.name()).observe(seconds)
            _ACTIONS.labels(self.name(), result).inc()
            log.info(
                "action.ended",
                action=self.name(),
                result=result,
                seconds=round(seconds, 4),
                correlation_id=correlation_id,
            )

    @abstractmethod
    async def carry_out(self, dispatcher: CollectingDispatcher, turn: TurnInput) -> list[dict[str, Any]]:
        """Do it: say what is to be said, return the events."""
