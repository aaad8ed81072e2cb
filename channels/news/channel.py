"""The platform's door to conversations, as Rasa's input channel."""

from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from channels import conversations, inbox, turns
from channels.body import read_object, uuid_in_path
from channels.database import transaction
from channels.edge import edge, reply
from channels.news.validation import news, stuck_message
from channels.output import SavedReplies
from channels.problem import NotFound
from channels.service_tokens import tenant_of
from channels.settings import secret
from channels.transport import guard
from channels.turns import OnNewMessage

CHANNEL = "news"


class NewsChannel(InputChannel):
    """`/webhooks/news/…`, for Markezy's own processes: news for a lead, and messages to be driven again."""

    @classmethod
    def name(cls) -> str:
        """The channel's name in the log, in the inbox and in the address."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "NewsChannel":
        """Nothing is configured here; what the environment must hold is checked before the server starts."""
        secret("MARKEZY_SERVICE_SECRET")
        return cls()

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The channel's routes."""
        blueprint = Blueprint("news", url_prefix="/webhooks/news")
        guard(blueprint)

        async def tell(request: Request, conversation_id: str) -> HTTPResponse:
            tenant_id = tenant_of(request)
            id_ = uuid_in_path(conversation_id, "conversation")
            message_id, body = news(await read_object(request))
            async with transaction(tenant_id) as connection:
                conversation = await conversations.find(connection, tenant_id, id_)
                if conversation is None:
                    raise NotFound("There is no such conversation.")
                message = await inbox.accept(
                    connection, conversation, CHANNEL, message_id, body, request.ctx.correlation_id
                )
            return reply({"messages": await turns.answer(on_new_message, message, conversation)})

        async def redrive(request: Request) -> HTTPResponse:
            tenant_id = tenant_of(request)
            channel, message_id = stuck_message(await read_object(request))
            messages = await turns.drive_again(on_new_message, tenant_id, channel, message_id)
            if messages is None:
                raise NotFound("There is no such message.")
            return reply({"messages": messages})

        blueprint.add_route(
            edge(tell), "/conversations/<conversation_id:str>", methods=["POST"], name="tell", stream=True
        )
        blueprint.add_route(edge(redrive), "/redrive", methods=["POST"], name="redrive", stream=True)
        return blueprint

    def get_output_channel(self) -> OutputChannel | None:
        """Replies are saved with the turn, whoever starts it."""
        return SavedReplies(CHANNEL)
