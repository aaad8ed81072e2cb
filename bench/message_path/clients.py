"""A lead's side of both assistants: one kept-alive connection, one message at a time."""

import http.client
import json
import uuid
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import urlsplit

from bench.message_path.script import START


class Lead(Protocol):
    """A lead in a conversation of its own."""

    def say(self, text: str) -> None:
        """Send a message and wait for the answer; an empty or refused answer is an error."""


MakeLead = Callable[[], Lead]


class _Connection:
    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)

    def post(self, path: str, body: dict[str, Any], token: str | None = None) -> Any:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        self._connection.request("POST", path, json.dumps(body), headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{path} answered {answer.status}: {content[:500]!r}")
        return json.loads(content)


class StockLead:
    """Over Rasa's own REST channel."""

    def __init__(self, url: str) -> None:
        self._connection = _Connection(url)
        self._sender = uuid.uuid4().hex
        self.say(START)

    def say(self, text: str) -> None:
        answer = self._connection.post("/webhooks/rest/webhook", {"sender": self._sender, "message": text})
        if not answer:
            raise RuntimeError(f"no answer to {text!r}")


class MarkezyLead:
    """Over the widget protocol."""

    def __init__(self, url: str, widget_key: str) -> None:
        self._connection = _Connection(url)
        opened = self._connection.post("/webhooks/widget/conversations", {"widget_key": widget_key, "locale": "en"})
        self._token = opened["token"]
        self._path = f"/webhooks/widget/conversations/{opened['conversation_id']}/messages"

    def say(self, text: str) -> None:
        answer = self._connection.post(self._path, {"id": str(uuid.uuid4()), "text": text}, self._token)
        if not answer["messages"]:
            raise RuntimeError(f"no answer to {text!r}")
