"""An action server in the tests' hands."""

import asyncio
import threading
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class ActionServer:
    """Speaks rasa-sdk's protocol; can be told to fail or to wait."""

    url: str = ""
    failing: bool = False
    silent: bool = False
    events: list[dict[str, Any]] = field(default_factory=list)
    """Of the qualification, told with every answer."""
    calls: list[dict[str, Any]] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    arrived: threading.Event = field(default_factory=threading.Event)

    def reset(self) -> None:
        self.failing = self.silent = False
        self.events = []
        self.calls.clear()
        self.gate.set()
        self.arrived.clear()

    async def answer(self, request: Any) -> Any:
        call = await request.json()
        self.calls.append(call)
        self.arrived.set()
        await asyncio.get_running_loop().run_in_executor(None, self.gate.wait, 20)
        if self.failing:
            return web.json_response({"error": "out of order"}, status=500)
        return web.json_response(
            {
                "events": [*self.events, {"event": "followup", "name": "action_listen"}],
                "responses": [] if self.silent else [self._response(call)],
            }
        )

    def _response(self, call: dict[str, Any]) -> dict[str, Any]:
        if call["next_action"] == "action_start":
            button = {"title": "An online shop", "payload": '/answer{"question":"business","value":"shop"}'}
            return {"text": "Hello! What do you do?", "buttons": [button]}
        if call["next_action"] == "action_announce_strategy":
            told = {each["entity"]: each["value"] for each in call["tracker"]["latest_message"]["entities"]}
            attachment = {"title": told["title"], "url": told["url"], "media_type": "application/pdf"}
            return {"text": "Your strategy is ready.", "custom": {"attachment": attachment}}
        if call["next_action"] == "action_news":
            told = {each["entity"]: each["value"] for each in call["tracker"]["latest_message"]["entities"]}
            if "text" in told:
                return {"text": told["text"], "custom": {"from": "staff", "name": told["name"]}}
            return {"text": "News."}
        return {"text": f"Noted, number {len(self.calls)}."}
