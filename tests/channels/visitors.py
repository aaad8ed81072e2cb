"""Agencies and who visits their websites."""

import uuid
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass
class Tenant:
    """An agency with a widget and a published flow."""

    id: str
    widget_key: str
    flow_version_id: str


@dataclass
class Visitor:
    """Somebody with the widget open."""

    http: httpx.Client
    conversation_id: str
    token: str
    greeting: list[dict[str, Any]]

    @property
    def path(self) -> str:
        return f"/webhooks/widget/conversations/{self.conversation_id}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, body: Any, **headers: str) -> httpx.Response:
        return self.http.post(f"{self.path}/messages", json=body, headers={**self.headers, **headers})

    def say(self, text: str, id_: str | None = None) -> httpx.Response:
        return self.post({"id": id_ or str(uuid.uuid4()), "text": text})

    def tap(self, payload: str, id_: str | None = None) -> httpx.Response:
        return self.post({"id": id_ or str(uuid.uuid4()), "payload": payload})

    def transcript(self, **params: str) -> dict[str, Any]:
        response = self.http.get(f"{self.path}/messages", headers=self.headers, params=params)
        assert response.status_code == 200, response.text
        return response.json()
