"""The widget protocol: start a conversation, say something, read back, listen."""

import asyncio
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.transcript import Entry
from channels import conversations, files, inbox, limits, plan_book, turns
from channels.body import canonical_uuid, read_bytes, read_object, text_field, uuid_in_path
from channels.conversations import Conversation
from channels.database import Connection, transaction
from channels.edge import edge, log, reply
from channels.problem import Invalid, NotFound
from channels.service_tokens import bearer
from channels.turns import OnNewMessage, TurnFailed
from channels.widget import tokens
from channels.widget.bundle import serve_script
from channels.widget.cors import add_cors
from channels.widget.opening import open_conversation, opening_key
from channels.widget.progress import ProgressBoard
from channels.widget.stream import stream_events
from channels.widget.tokens import Visitor
from channels.widget.uploads import Uploads
from channels.widget.validation import new_conversation, new_message
from channels.widget.wakeups import WakeUps

CHANNEL = "widget"
_TRANSCRIPT_PAGE = 500
_LONGEST_TOKEN = 2000

_CONVERSATIONS = "/conversations"
_MESSAGES = "/conversations/<conversation_id:str>/messages"
_EVENTS = "/conversations/<conversation_id:str>/events"
_FILES = "/conversations/<conversation_id:str>/files"
_RESUME = "/resume"
_SCRIPT = "/widget.js"


class Routes:
    """The protocol's handlers, with what they need."""

    def __init__(self, on_new_message: OnNewMessage, wakeups: WakeUps, board: ProgressBoard) -> None:
        self._on_new_message = on_new_message
        self._wakeups = wakeups
        self._board = board
        self._uploads = Uploads()

    def add_to(self, blueprint: Blueprint) -> None:
        """Register everything under the blueprint's prefix."""
        blueprint.add_route(edge(self.start, limits.OPEN), _CONVERSATIONS, methods=["POST"], name="start", stream=True)
        blueprint.add_route(edge(self.say, limits.MESSAGE), _MESSAGES, methods=["POST"], name="say", stream=True)
        blueprint.add_route(edge(self.read_back, limits.READ), _MESSAGES, methods=["GET"], name="read_back")
        blueprint.add_route(edge(self.listen, limits.READ), _EVENTS, methods=["GET"], name="listen")
        blueprint.add_route(edge(self.resume, limits.READ), _RESUME, methods=["POST"], name="resume", stream=True)
        blueprint.add_route(
            edge(self.take_file, limits.UPLOAD), _FILES, methods=["POST"], name="take_file", stream=True
        )
        blueprint.add_route(edge(self.script), _SCRIPT, methods=["GET", "HEAD"], name="script")
        add_cors(blueprint, [_CONVERSATIONS, _MESSAGES, _EVENTS, _RESUME, _FILES])

    async def start(self, request: Request) -> HTTPResponse:
        """`POST /conversations`. The conversation exists once this answers 201. Should the assistant be out of order,
        `messages` is empty and the greeting follows over the events. The same `Idempotency-Key` opens no second one."""
        key = opening_key(request)
        wanted = new_conversation(await read_object(request))

        async def admit(tenant_id: str) -> None:
            await limits.admit_opening(request, tenant_id)
            await plan_book.require_room_for_leads(tenant_id)

        conversation, greeting = await open_conversation(CHANNEL, wanted, key, request.ctx.correlation_id, admit)
        messages: list[Entry] = []
        try:
            messages = await turns.answer(self._on_new_message, greeting, conversation)
        except TurnFailed:
            log().warning("channels.greeting_delayed", correlation_id=request.ctx.correlation_id)
        token = tokens.issue(Visitor(conversation.tenant_id, conversation.id))
        return reply({"conversation_id": conversation.id, "token": token, "messages": messages}, status=201)

    async def say(self, request: Request, conversation_id: str) -> HTTPResponse:
        """`POST /conversations/{id}/messages`. The same message again gets the same answer and has no second effect."""
        visitor = tokens.verify(bearer(request), uuid_in_path(conversation_id, "conversation"))
        await limits.admit_visitor(request, visitor.tenant_id, visitor.conversation_id)
        message = new_message(await read_object(request))
        async with transaction(visitor.tenant_id) as connection:
            conversation = await _conversation_of(connection, visitor)
            body: dict[str, Any] = dict(message.body)
            if message.file_id is not None:
                body["file"] = await files.find(connection, conversation, message.file_id)
            accepted = await inbox.accept(
                connection, conversation, CHANNEL, message.id, body, request.ctx.correlation_id
            )
        return reply({"messages": await turns.answer(self._on_new_message, accepted, conversation)})

    async def read_back(self, request: Request, conversation_id: str) -> HTTPResponse:
        """`GET /conversations/{id}/messages?after=<event id>`. `next` in the answer: there is more behind it."""
        visitor = tokens.verify(bearer(request), uuid_in_path(conversation_id, "conversation"))
        await limits.admit_visitor(request, visitor.tenant_id, visitor.conversation_id)
        async with transaction(visitor.tenant_id) as connection:
            conversation = await _conversation_of(connection, visitor)
            version = await _version_after(connection, visitor, request.args.get("after"))
            entries, _, more = await conversations.transcript(connection, conversation, version, _TRANSCRIPT_PAGE)
        page: dict[str, Any] = {"messages": entries}
        if more and entries:
            page["next"] = entries[-1]["id"]
        return reply(page)

    async def listen(self, request: Request, conversation_id: str) -> None:
        """`GET /conversations/{id}/events`. A browser's EventSource can't send a header, so `?token=` is taken here."""
        token = request.args.get("token") if "authorization" not in request.headers else None
        visitor = tokens.verify(token or bearer(request), uuid_in_path(conversation_id, "conversation"))
        await limits.admit_visitor(request, visitor.tenant_id, visitor.conversation_id)
        after = request.headers.get("last-event-id") or request.args.get("after")
        async with transaction(visitor.tenant_id) as connection:
            conversation = await _conversation_of(connection, visitor)
            version = await _version_after(connection, visitor, after)
        await stream_events(request, self._wakeups, self._board, conversation, version)

    async def resume(self, request: Request) -> HTTPResponse:
        """`POST /resume`: a resume link's token for a visitor's token, on whatever device."""
        body = await read_object(request)
        visitor = tokens.redeem(text_field(body, "token", _LONGEST_TOKEN))
        await limits.admit_visitor(request, visitor.tenant_id, visitor.conversation_id)
        async with transaction(visitor.tenant_id) as connection:
            await _conversation_of(connection, visitor)
        return reply({"conversation_id": visitor.conversation_id, "token": tokens.issue(visitor)})

    async def take_file(self, request: Request, conversation_id: str) -> HTTPResponse:
        """`POST /conversations/{id}/files?question=&name=`: a file to be sent as an answer. The same one again is the same."""
        visitor = tokens.verify(bearer(request), uuid_in_path(conversation_id, "conversation"))
        await limits.admit_visitor(request, visitor.tenant_id, visitor.conversation_id)
        question, name = files.described(request.args)
        async with transaction(visitor.tenant_id) as connection:
            conversation = await _conversation_of(connection, visitor)
        with self._uploads.one_more(visitor.conversation_id):
            body = await read_bytes(request, files.LARGEST)
            await plan_book.require_room_for_files(visitor.tenant_id, len(body))
            content_type = request.headers.get("content-type", "")
            # Ten megabytes are read through: too long to let every other conversation wait.
            upload = await asyncio.to_thread(files.examine, question, name, content_type, body)
        async with transaction(visitor.tenant_id) as connection:
            kept = await files.keep(connection, conversation, upload, body)
        return reply(kept, status=201)

    async def script(self, request: Request) -> HTTPResponse:
        """`GET /widget.js`, the one tag an agency puts on its pages."""
        return serve_script(request)


async def _conversation_of(connection: Connection, visitor: Visitor) -> Conversation:
    conversation = await conversations.find(connection, visitor.tenant_id, visitor.conversation_id)
    if conversation is None:
        raise NotFound("There is no such conversation.")
    return conversation


async def _version_after(connection: Connection, visitor: Visitor, after: str | None) -> int:
    if not after:
        return 0
    event_id = canonical_uuid(after)
    if event_id is None:
        raise Invalid('"after" must be the id of a message.')
    version = await conversations.version_of(connection, visitor.tenant_id, visitor.conversation_id, event_id)
    if version is None:
        raise NotFound("There is no such message in this conversation.")
    return version
