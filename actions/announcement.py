"""The platform's news that the strategy can be read."""

from typing import Any

from markezy.flows.engine import Attachment, OutgoingMessage
from markezy.flows.wording import LOCALES, phrase
from rasa_sdk.executor import CollectingDispatcher

from actions.counted import CountedAction
from actions.failure import UnusableTurn
from actions.replies import LISTEN, say
from actions.turn import TurnInput


class ActionAnnounceStrategy(CountedAction):
    """Says so, with the document. It changes nothing in the qualification."""

    def name(self) -> str:
        return "action_announce_strategy"

    async def carry_out(self, dispatcher: CollectingDispatcher, turn: TurnInput) -> list[dict[str, Any]]:
        title, url = turn.entities.get("title"), turn.entities.get("url")
        if not isinstance(title, str) or not isinstance(url, str):
            raise UnusableTurn("the news has no title or no url")
        spoken = turn.state.locale if turn.state else turn.origin.locale
        locale = spoken if spoken in LOCALES else LOCALES[0]
        text = phrase("strategy_ready", locale, title=title)
        say(dispatcher, OutgoingMessage(text, attachment=Attachment(title, url, "application/pdf")))
        return [LISTEN]
