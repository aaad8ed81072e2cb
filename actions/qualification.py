"""The eight actions of docs/contracts.md. Each one is a command of the flow engine, or a sentence."""

import hashlib
import json
import time
import traceback
from abc import abstractmethod
from datetime import UTC, datetime
from typing import Any

import structlog
from markezy.flows import engine
from markezy.flows.definition import EndOutcome
from markezy.flows.engine import Attachment, Flow, Given, Outcome, OutgoingMessage, State
from markezy.flows.wording import LOCALES, phrase
from prometheus_client import Counter, Histogram
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.failure import ActionFailed, UnusableTurn
from actions.flow_shelf import FlowShelf
from actions.platform_client import PlatformClient
from actions.replies import LISTEN, events_of, say
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


class QualificationAction(CountedAction):
    """Runs one command of the engine and hands a qualified lead to the platform before the turn counts as done."""

    def __init__(self, shelf: FlowShelf, platform: PlatformClient) -> None:
        self._shelf = shelf
        self._platform = platform

    async def carry_out(self, dispatcher: CollectingDispatcher, turn: TurnInput) -> list[dict[str, Any]]:
        flow = await self._shelf.get(turn.tenant_id, turn.origin.flow_version_id, turn.correlation_id)
        # A lead's first words may be anything; whatever they are, the conversation begins with the greeting.
        outcome = self.command(flow, turn, turn.state) if turn.state else engine.start(flow, turn.origin)
        if outcome.completed and outcome.state.outcome == EndOutcome.QUALIFIED:
            await self._report(flow, turn, outcome.state)
        for message in outcome.messages:
            say(dispatcher, message)
        return events_of(outcome)

    @abstractmethod
    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        """The engine's answer to this turn."""

    async def _report(self, flow: Flow, turn: TurnInput, state: State) -> None:
        body = {
            "conversation_id": turn.conversation_id,
            "flow_version_id": state.origin.flow_version_id,
            "locale": state.locale,
            "end": state.end,
            "score": state.score,
            "contact": engine.contact_of(flow, state),
            "answers": engine.answers_given(flow, state),
        }
        # The digest: should this very turn be given up after the platform knew of it, the lead's next, different answer
        # is another request and must not be refused as a misuse of the first one's key.
        digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]
        key = f"{turn.conversation_id}:{state.end}:{digest}"
        await self._platform.report_qualified(turn.tenant_id, state.origin.lead_id, key, body, turn.correlation_id)


class ActionStart(QualificationAction):
    def name(self) -> str:
        return "action_start"

    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        return engine.start(flow, state.origin, state)


class ActionAnswer(QualificationAction):
    def name(self) -> str:
        return "action_answer"

    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        today = datetime.now(UTC).date()
        if "question" in turn.entities:
            given = Given(turn.entities.get("value"))
            return engine.answer(flow, state, given, today, str(turn.entities["question"]))
        return engine.answer(flow, state, Given(turn.text, turn.intent), today)


class ActionGoBack(QualificationAction):
    def name(self) -> str:
        return "action_go_back"

    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        return engine.go_back(flow, state)


class ActionExplain(QualificationAction):
    def name(self) -> str:
        return "action_explain"

    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        return engine.explain(flow, state)


class ActionFaq(QualificationAction):
    """`ask_price` names its topic; any other question is found by its words."""

    def name(self) -> str:
        return "action_faq"

    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        return engine.faq(flow, state, turn.text, "price" if turn.intent == "ask_price" else None)


class ActionPerson(QualificationAction):
    def name(self) -> str:
        return "action_person"

    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        return engine.request_person(flow, state)


class ActionStop(QualificationAction):
    def name(self) -> str:
        return "action_stop"

    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        return engine.stop(flow, state)


class ActionAnnounceStrategy(CountedAction):
    """The platform's news that the strategy can be read. It changes nothing in the qualification."""

    def name(self) -> str:
        return "action_announce_strategy"

    async def carry_out(self, dispatcher: CollectingDispatcher, turn: TurnInput) -> list[dict[str, Any]]:
        title, url = turn.entities.get("title"), turn.entities.get("url")
        if not isinstance(title, str) or not isinstance(url, str):
            raise UnusableTurn("the news has no title or no url")
        locale = turn.origin.locale if turn.origin.locale in LOCALES else LOCALES[0]
        text = phrase("strategy_ready", locale, title=title)
        say(dispatcher, OutgoingMessage(text, attachment=Attachment(title, url, "application/pdf")))
        return [LISTEN]


def all_actions(shelf: FlowShelf, platform: PlatformClient) -> list[Action]:
    """One of each."""
    commands = (ActionStart, ActionAnswer, ActionGoBack, ActionExplain, ActionFaq, ActionPerson, ActionStop)
    return [*(command(shelf, platform) for command in commands), ActionAnnounceStrategy()]
