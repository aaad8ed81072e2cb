"""A bot that speaks the widget protocol from memory, and can be told to fail."""

import contextlib
import json
import threading
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

BUNDLE = Path(__file__).resolve().parents[2] / "channels/widget/web/dist/widget.js"

Entry = dict[str, Any]
Answer = Callable[[str], Iterable[Entry]]
"""From what the visitor said (text or payload) to the assistant's messages."""


_MENU = {
    "/go_back": "Go back one question",
    "/ask_person": "Talk to a person",
    "/resume_later": "Continue later",
    "/change_answer": "Change my answer",
}


@dataclass(frozen=True)
class SentFile:
    """A file as it arrived."""

    id: str
    question: str
    name: str
    media_type: str
    body: bytes


class Conversation:
    """A conversation's log and what each message was answered."""

    def __init__(self, start: dict[str, Any], key: str = "") -> None:
        self.key = key
        self.id = str(uuid.uuid4())
        self.token = f"token-of-{self.id}"
        self.start = start
        self.log: list[Entry] = []
        self.answers: dict[str, list[Entry]] = {}


class FakeBot:
    """Serves the built widget and its protocol on a free port."""

    def __init__(self, greeting: Iterable[Entry], answer: Answer) -> None:
        self.greeting = list(greeting)
        self.answer = answer
        self.conversations: list[Conversation] = []
        self.attempts: list[dict[str, Any]] = []
        """Every message request, in order, before anything else happens to it."""
        self.accepted: list[dict[str, Any]] = []
        """The messages that had an effect."""
        self.refuse_with: tuple[int, dict[str, Any]] | None = None
        self.starts: list[tuple[str, dict[str, Any]]] = []
        """Every request for a conversation, with its idempotency key."""
        self.lose_starts = 0
        """How many of the next conversations are made without the widget hearing of it."""
        self.links: dict[str, Conversation] = {}
        """Where resume links lead, by their tokens."""
        self.files: list[SentFile] = []
        """The files that have arrived."""
        self.refuse_files_with: int | None = None
        self.taking_files = threading.Event()
        self.taking_files.set()
        self.lose_answers = 0
        """How many of the next answers get lost on their way, after the message took effect."""
        self.hang_up_on_streams = False
        self.log_unavailable = False
        self.answering = threading.Event()
        self.answering.set()
        self.changed = threading.Condition()
        self.streams_opened = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def conversation(self) -> Conversation:
        """The newest conversation."""
        return self.conversations[-1]

    def say(self, conversation: Conversation, sender: str, **fields: Any) -> Entry:
        """Write into the log; open streams carry it on at once."""
        entry = {"id": str(uuid.uuid4()), "from": sender, "at": "2026-11-23T09:00:00Z", **fields}
        with self.changed:
            conversation.log.append(entry)
            self.changed.notify_all()
        return entry

    def take(self, conversation: Conversation, message: dict[str, Any]) -> list[Entry]:
        """Answer a message; the same id again has no second effect."""
        if message["id"] not in conversation.answers:
            self.accepted.append(message)
            said = message.get("text") or message["payload"]
            heard = {
                "text": self._title(conversation, said),
                "message_id": message["id"],
                **_answered(conversation, said),
            }
            self.say(conversation, "visitor", **heard)
            replies = [self.say(conversation, "assistant", **reply) for reply in self.answer(said)]
            conversation.answers[message["id"]] = replies
        return conversation.answers[message["id"]]

    def start(self, key: str, body: dict[str, Any]) -> Conversation:
        """Make a conversation; the same key again makes no second one."""
        self.starts.append((key, body))
        for conversation in self.conversations:
            if conversation.key == key:
                return conversation
        conversation = Conversation(body, key)
        self.conversations.append(conversation)
        for entry in self.greeting:
            self.say(conversation, "assistant", **entry)
        return conversation

    def forget_conversations(self) -> None:
        """As if the retention had run: tokens of the past are worth nothing now."""
        self.conversations.clear()

    def close(self) -> None:
        """Stop serving, so that open streams end too."""
        with self.changed:
            self.conversations.clear()
            self.changed.notify_all()
        self._server.shutdown()
        self._server.server_close()

    def _title(self, conversation: Conversation, said: str) -> str:
        for entry in reversed(conversation.log):
            for button in entry.get("buttons", ()):
                if button["payload"] == said:
                    return str(button["title"])
        if said.startswith("/answer"):
            value = json.loads(said.removeprefix("/answer"))["value"]
            if isinstance(value, dict):
                return next(file.name for file in self.files if file.id == value["file"])
            options = next(e["input"]["options"] for e in reversed(conversation.log) if "options" in e.get("input", {}))
            return ", ".join(option["title"] for option in options if option["value"] in value)
        if said.startswith("/switch_language"):
            return {"en": "English", "fr": "Français", "es": "Español"}[
                json.loads(said.removeprefix("/switch_language"))["value"]
            ]
        return _MENU.get(said.split("{", maxsplit=1)[0], said)


def _handler(bot: FakeBot) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_OPTIONS(self) -> None:
            self._reply(204, None)

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            if url.path == "/webhooks/widget/widget.js":
                return self._send(200, BUNDLE.read_bytes(), "text/javascript; charset=utf-8")
            conversation = self._conversation(query.get("token"))
            if conversation is None:
                return self._problem(401, "This conversation has expired.")
            if url.path.endswith("/messages") and bot.log_unavailable:
                return self._problem(503, "Busy.")
            if url.path.endswith("/messages"):
                return self._reply(200, {"messages": _after(conversation.log, query.get("after"))})
            return self._stream(conversation, self.headers.get("Last-Event-ID") or query.get("after"))

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            if urlsplit(self.path).path.endswith("/files"):
                return self._take_file(raw)
            body = json.loads(raw)
            if bot.refuse_with:
                status, problem = bot.refuse_with
                return self._reply(status, problem)
            if self.path.endswith("/conversations"):
                conversation = bot.start(self.headers["Idempotency-Key"], body)
                if bot.lose_starts > 0:
                    bot.lose_starts -= 1
                    self.close_connection = True
                    return None
                messages = conversation.log[: len(bot.greeting)]
                return self._reply(
                    201, {"conversation_id": conversation.id, "token": conversation.token, "messages": messages}
                )
            if self.path.endswith("/resume"):
                found = bot.links.get(body["token"])
                if found is None:
                    return self._problem(401, "This link has expired.")
                return self._reply(200, {"conversation_id": found.id, "token": found.token})
            bot.attempts.append(body)
            known = self._conversation(None)
            if known is None:
                return self._problem(401, "This conversation has expired.")
            bot.answering.wait(20)
            replies = bot.take(known, body)
            if bot.lose_answers > 0:
                bot.lose_answers -= 1
                self.close_connection = True
                return None
            return self._reply(200, {"messages": replies})

        def _take_file(self, body: bytes) -> None:
            bot.taking_files.wait(20)
            if self._conversation(None) is None:
                return self._problem(401, "This conversation has expired.")
            if bot.refuse_files_with:
                return self._problem(bot.refuse_files_with, "The file is not of the type it says it is.")
            query = parse_qs(urlsplit(self.path).query)
            question, name = query["question"][0], query["name"][0]
            file = SentFile(str(uuid.uuid4()), question, name, self.headers["Content-Type"], body)
            bot.files.append(file)
            told = {"id": file.id, "name": file.name, "size": len(body), "media_type": file.media_type}
            return self._reply(201, told)

        def _conversation(self, token: str | None) -> Conversation | None:
            sent = token or self.headers.get("Authorization", "").removeprefix("Bearer ")
            return next((c for c in bot.conversations if c.token == sent and c.id in self.path), None)

        def _stream(self, conversation: Conversation, after: str | None) -> None:
            bot.streams_opened += 1
            self.close_connection = True
            if bot.hang_up_on_streams:
                return
            self.send_response(200)
            self._headers("text/event-stream")
            self.end_headers()
            sent = len(conversation.log) - len(_after(conversation.log, after))
            while conversation in bot.conversations:
                with bot.changed:
                    if len(conversation.log) == sent:
                        bot.changed.wait(0.25)
                    news = conversation.log[sent:]
                sent += len(news)
                if bot.hang_up_on_streams:
                    return
                try:
                    for entry in news:
                        self.wfile.write(f"id: {entry['id']}\ndata: {json.dumps(entry)}\n\n".encode())
                    self.wfile.write(b": here\n\n")
                    self.wfile.flush()
                except OSError:
                    return

        def _problem(self, status: int, detail: str) -> None:
            self._reply(status, {"title": "Problem", "status": status, "detail": detail})

        def _reply(self, status: int, body: dict[str, Any] | None) -> None:
            content = b"" if body is None else json.dumps(body).encode()
            self._send(status, content, "application/json" if status < 400 else "application/problem+json")

        def _send(self, status: int, content: bytes, media_type: str) -> None:
            self.send_response(status)
            self._headers(media_type)
            self.send_header("Content-Length", str(len(content)))
            # A visitor who gave up is no longer there to read the answer.
            with contextlib.suppress(OSError):
                self.end_headers()
                self.wfile.write(content)

        def _headers(self, media_type: str) -> None:
            self.send_header("Content-Type", media_type)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key")
            self.send_header("Cache-Control", "no-store")

        def log_message(self, format: str, *args: object) -> None:
            return

    return Handler


def _answered(conversation: Conversation, said: str) -> dict[str, str]:
    """The question these words answer, as the transcript tells it."""
    if said.startswith("/"):
        return {"question": json.loads(said.removeprefix("/answer"))["question"]} if said.startswith("/answer") else {}
    asked = next((entry["input"] for entry in reversed(conversation.log) if "input" in entry), None)
    return {"question": asked["question"]} if asked and "question" in asked else {}


def _after(log: list[Entry], after: str | None) -> list[Entry]:
    ids = [entry["id"] for entry in log]
    return log[ids.index(after) + 1 :] if after in ids else list(log)
