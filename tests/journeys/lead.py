"""A lead over the widget protocol."""

import uuid
from typing import Any

import requests


class Lead:
    """One conversation. `last` is the newest message that asks something."""

    def __init__(self, bot_url: str, widget_key: str, locale: str) -> None:
        self._bot_url = bot_url
        body = {"widget_key": widget_key, "locale": locale, "page": {"url": "https://shop.example/?utm_source=test"}}
        answer = requests.post(f"{bot_url}/webhooks/widget/conversations", json=body, timeout=30)
        assert answer.status_code == 201, answer.text
        self.id: str = answer.json()["conversation_id"]
        self.token: str = answer.json()["token"]
        self.url = f"{bot_url}/webhooks/widget/conversations/{self.id}"
        self.last: dict[str, Any] = {}
        self.correlation_id: str | None = None
        self._note(answer.json()["messages"])

    @property
    def question(self) -> str:
        """The id of the pending question, or "recap" while the answers wait for a word."""
        asked = self.last["input"]
        question: str = asked.get("question") or asked["type"]
        return question

    def post(self, body: dict[str, Any]) -> requests.Response:
        return requests.post(f"{self.url}/messages", json=body, headers=self._headers(), timeout=30)

    def say(self, text: str) -> list[dict[str, Any]]:
        return self._send({"id": str(uuid.uuid4()), "text": text})

    def tap(self, payload: str) -> list[dict[str, Any]]:
        return self._send({"id": str(uuid.uuid4()), "payload": payload})

    def choose(self, value: str) -> list[dict[str, Any]]:
        """Tap the pending question's button with this value."""
        for button in self.last["buttons"]:
            if f'"value":"{value}"' in button["payload"].replace('": "', '":"'):
                return self.tap(button["payload"])
        raise AssertionError(f"{self.question} has no choice {value!r}: {self.last['buttons']}")

    def transcript(self) -> list[dict[str, Any]]:
        answer = requests.get(f"{self.url}/messages", headers=self._headers(), timeout=30)
        assert answer.status_code == 200, answer.text
        messages: list[dict[str, Any]] = answer.json()["messages"]
        return messages

    def _send(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        answer = self.post(body)
        assert answer.status_code == 200, answer.text
        messages: list[dict[str, Any]] = answer.json()["messages"]
        self._note(messages)
        return messages

    def _note(self, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            if message.get("input"):
                self.last = message

    def _headers(self) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self.token}"}
        return headers | ({"X-Correlation-Id": self.correlation_id} if self.correlation_id else {})
