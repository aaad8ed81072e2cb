"""The actions of docs/conversation.md. Each one is a command of the flow engine."""

import hashlib
import json
from abc import abstractmethod
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from markezy.flows import engine
from markezy.flows.definition import EndOutcome
from markezy.flows.engine import Flow, Given, Outcome, Renewal, State
from rasa_sdk import Action
from rasa_sdk.executor import CollectingDispatcher

from actions.counted import CountedAction
from actions.failure import ConsentOutdated
from actions.first_words import FEWEST_WORDS, greeted
from actions.flow_shelf import FlowShelf
from actions.platform_client import PlatformClient
from actions.replies import events_of, say
from actions.turn import TurnInput

_TOPICS = {"ask_price": "price", "ask_privacy": "privacy", "ask_bot": "bot"}
"""Questions whose topic the NLU knows; any other one is found by its words."""


class QualificationAction(CountedAction):
    """Runs one command of the engine and hands a qualified lead to the platform before the turn counts as done."""

    def __init__(self, shelf: FlowShelf, platform: PlatformClient) -> None:
        self._shelf = shelf
        self._platform = platform

    async def carry_out(self, dispatcher: CollectingDispatcher, turn: TurnInput) -> list[dict[str, Any]]:
        flow = await self._shelf.get(turn.tenant_id, turn.origin.flow_version_id, turn.correlation_id)
        outcome = self.outcome(flow, turn)
        if outcome.completed and outcome.state.outcome == EndOutcome.QUALIFIED:
            outcome = await self._reported(flow, turn, outcome)
        for message in outcome.messages:
            say(dispatcher, message)
        return events_of(outcome)

    def outcome(self, flow: Flow, turn: TurnInput) -> Outcome:
        """The command's outcome, in the language the lead writes; nothing while a person has the word."""
        if turn.state is None:
            begun = engine.start(flow, replace(turn.origin, locale=turn.language or turn.origin.locale))
            if turn.tapped or begun.state.pending is None:
                return begun
            return greeted(flow, begun, self.first_command(flow, turn, begun.state))
        if turn.state.erasing:
            return engine.forgetting(turn.state)
        if engine.is_silent(turn.state, turn.tapped):
            return Outcome((), (), turn.state)
        if engine.leaves_message(turn.state, turn.tapped):
            return engine.leave_message(flow, turn.state, turn.text)
        before = (
            engine.listens_again(flow, turn.state)
            if turn.tapped
            else engine.in_language(flow, turn.state, turn.language, turn.text)
        )
        return before.followed_by(self.command(flow, turn, before.state))

    @abstractmethod
    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        """The engine's answer to this turn."""

    async def _reported(self, flow: Flow, turn: TurnInput, outcome: Outcome) -> Outcome:
        """The outcome once the platform knows of it; or, if words the lead agreed to have changed since, the question again."""
        try:
            await self._report(flow, turn, outcome.state)
        except ConsentOutdated as outdated:
            renewals = [Renewal(one["question"], one["version"], one["texts"]) for one in outdated.consents]
            return engine.renew_consents(flow, turn.state or outcome.state, renewals)
        return outcome

    def first_command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        """The engine's answer to a lead's first words, after the greeting."""
        return self.command(flow, turn, state)

    async def _report(self, flow: Flow, turn: TurnInput, state: State) -> None:
        body = {
            "conversation_id": turn.conversation_id,
            "flow_version_id": state.origin.flow_version_id,
            "locale": state.locale,
            "end": state.end,
            "score": state.score,
            "contact": engine.contact_of(flow, state),
            "answers": engine.answers_given(flow, state),
            "consents": engine.agreed_versions(state),
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

    def first_command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        """Who says hello may say more in the same breath."""
        if len(turn.text.split()) < FEWEST_WORDS:
            return self.command(flow, turn, state)
        return engine.answer(flow, state, turn.given, _today())


class ActionAnswer(QualificationAction):
    def name(self) -> str:
        return "action_answer"

    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        if turn.tapped:
            return engine.answer(flow, state, Given(turn.value), _today(), turn.question)
        return engine.answer(flow, state, turn.given, _today())


class ActionChange(QualificationAction):
    """By a tap on an earlier answer, which names its question, or in words."""

    def name(self) -> str:
        return "action_change"

    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        return engine.change(flow, state, turn.given, _today(), turn.question)


class ActionConfirm(QualificationAction):
    def name(self) -> str:
        return "action_confirm"

    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        return engine.confirm(flow, state)


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
    def name(self) -> str:
        return "action_faq"

    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        return engine.faq(flow, state, turn.text, _TOPICS.get(turn.intent or ""))


class ActionSmallTalk(QualificationAction):
    """What isn't about the qualification at all; unless the pending question takes it for an answer."""

    def name(self) -> str:
        return "action_small_talk"

    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        return engine.small_talk(flow, state, turn.intent or "small_talk", turn.given, _today())


class ActionSwitchLanguage(QualificationAction):
    def name(self) -> str:
        return "action_switch_language"

    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        wanted = turn.value if turn.tapped else turn.language
        return engine.switch_language(flow, state, wanted if isinstance(wanted, str) else None)


class ActionPerson(QualificationAction):
    def name(self) -> str:
        return "action_person"

    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        return engine.request_person(flow, state)


class ActionGoOn(QualificationAction):
    def name(self) -> str:
        return "action_go_on"

    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        return engine.go_on(flow, state)


class ActionResumeLater(QualificationAction):
    def name(self) -> str:
        return "action_resume_later"

    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        return engine.resume_later(flow, state, turn.given)


class ActionStop(QualificationAction):
    def name(self) -> str:
        return "action_stop"

    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        return engine.stop(flow, state)


class ActionDeleteMyData(QualificationAction):
    def name(self) -> str:
        return "action_delete_my_data"

    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        return engine.delete_my_data(flow, state)


class ActionConfirmDeletion(QualificationAction):
    def name(self) -> str:
        return "action_confirm_deletion"

    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        return engine.confirm_deletion(flow, state)


class ActionKeepMyData(QualificationAction):
    def name(self) -> str:
        return "action_keep_my_data"

    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        return engine.keep_my_data(flow, state)


class ActionWithdrawConsent(QualificationAction):
    def name(self) -> str:
        return "action_withdraw_consent"

    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        return engine.withdraw_consent(flow, state, _today())


class ActionAskReview(QualificationAction):
    def name(self) -> str:
        return "action_ask_review"

    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        return engine.ask_review(flow, state)


class ActionNews(QualificationAction):
    """What the platform tells: a person comes, says something, goes; nobody can come; it has been quiet for long."""

    def name(self) -> str:
        return "action_news"

    def outcome(self, flow: Flow, turn: TurnInput) -> Outcome:
        """News is heard whoever has the word, but only in a conversation that has begun."""
        if turn.state is None:
            return engine.start(flow, turn.origin)
        return self.command(flow, turn, turn.state)

    def command(self, flow: Flow, turn: TurnInput, state: State) -> Outcome:
        return engine.news(flow, state, turn.intent or "", turn.entities)


COMMANDS = (
    ActionStart, ActionAnswer, ActionChange, ActionConfirm, ActionGoBack, ActionExplain, ActionFaq, ActionSmallTalk,
    ActionSwitchLanguage, ActionPerson, ActionGoOn, ActionResumeLater, ActionStop, ActionDeleteMyData,
    ActionConfirmDeletion, ActionKeepMyData, ActionWithdrawConsent, ActionAskReview, ActionNews,
)  # fmt: skip


def all_commands(shelf: FlowShelf, platform: PlatformClient) -> list[Action]:
    """One action of each kind."""
    return [command(shelf, platform) for command in COMMANDS]


def _today() -> date:
    return datetime.now(UTC).date()
