"""The website widget as Rasa's input channel."""

from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel
from sanic import Blueprint, Sanic

from channels import database, limits
from channels.access_log import keep_visitors_out
from channels.output import SavedReplies
from channels.settings import secret, setting
from channels.transport import guard
from channels.turns import OnNewMessage
from channels.widget.progress import ProgressBoard
from channels.widget.routes import CHANNEL, Routes
from channels.widget.wakeups import WakeUps


class WidgetChannel(InputChannel):
    """`/webhooks/widget/…`: the protocol of docs/contracts.md and the widget's script."""

    @classmethod
    def name(cls) -> str:
        """The channel's name in the log, in the inbox and in the address."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "WidgetChannel":
        """Nothing is configured here; what the environment must hold is checked before the server starts."""
        secret("MARKEZY_VISITOR_SECRET")
        setting("DATABASE_URL")
        return cls()

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The channel's routes."""
        blueprint = Blueprint("widget", url_prefix="/webhooks/widget")
        guard(blueprint)
        wakeups = WakeUps(setting("REDIS_URL"))
        board = ProgressBoard(setting("REDIS_URL"))
        Routes(on_new_message, wakeups, board).add_to(blueprint)

        @blueprint.listener("after_server_start")
        async def prepare(_app: Sanic, _loop: Any) -> None:
            keep_visitors_out()

        @blueprint.listener("before_server_stop")
        async def finish(_app: Sanic, _loop: Any) -> None:
            await wakeups.close()
            await board.close()
            await limits.close()
            await database.close()

        return blueprint

    def get_output_channel(self) -> OutputChannel | None:
        """Replies are saved with the turn, whoever starts it."""
        return SavedReplies(CHANNEL)
