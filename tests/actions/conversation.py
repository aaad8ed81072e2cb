"""A lead's side of the action server: what Rasa would post, and what it would keep."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

import requests

TENANT = "0191f0c0-0000-7000-8000-000000000001"
CONVERSATION = "0191f0c0-0000-7000-8000-000000000002"
LEAD = "0191f0c0-0000-7000-8000-000000000003"
FLOW_VERSION = "0191f0c0-0000-7000-8000-000000000004"

_ACTIONS = {
    "start": "action_start", "answer": "action_answer", "affirm": "action_answer", "deny": "action_answer",
    "change_answer": "action_change", "confirm": "action_confirm", "go_back": "action_go_back", "ask_why": "action_explain",
    "ask_price": "action_faq", "ask_privacy": "action_faq", "ask_bot": "action_faq", "ask_faq": "action_faq",
    "small_talk": "action_small_talk", "insult": "action_small_talk", "out_of_scope": "action_small_talk",
    "switch_language": "action_switch_language", "ask_person": "action_person", "go_on": "action_go_on",
    "delete_my_data": "action_delete_my_data", "confirm_deletion": "action_confirm_deletion", "keep_my_data": "action_keep_my_data",
    "withdraw_consent": "action_withdraw_consent", "ask_review": "action_ask_review",
    "resume_later": "action_resume_later", "stop": "action_stop", "person_joined": "action_news",
    "person_message": "action_news", "person_left": "action_news", "team_away": "action_news", "reminder": "action_news",
    "strategy_ready": "action_announce_strategy",
}  # fmt: skip


@dataclass
class Conversation:
    """Keeps the slots as Rasa's tracker does, after the trip through JSON that the tracker store makes."""

    url: str
    metadata: dict[str, Any] = field(
        default_factory=lambda: {
            "correlation_id": "corr-0001-test",
            "flow_version_id": FLOW_VERSION,
            "locale": "en",
            "channel": "widget",
            "lead_id": LEAD,
        }
    )
    slots: dict[str, Any] = field(default_factory=lambda: {"qualification": None, "locale": None})
    answers: list[dict[str, Any]] = field(default_factory=list)
    domain: dict[str, Any] | None = field(default_factory=dict)

    def tap(self, payload: str) -> dict[str, Any]:
        """A button: its members become entities, as the channels do it."""
        match = re.fullmatch(r"/([a-z_]+)(\{.*\})?", payload, re.DOTALL)
        assert match, payload
        return self.turn(match[1], payload, json.loads(match[2] or "{}"))

    def say(self, text: str, intent: str = "answer", **entities: Any) -> dict[str, Any]:
        """In words; `entities` as the NLU recognised them."""
        return self.turn(intent, text, entities)

    def turn(self, intent: str, text: str, entities: dict[str, Any]) -> dict[str, Any]:
        response = self.post(_ACTIONS[intent], intent, text, entities)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        for event in answer["events"]:
            if event["event"] == "slot":
                # jsonb does not keep the order of keys.
                self.slots[event["name"]] = json.loads(json.dumps(event["value"], sort_keys=True))
        self.answers.append(answer)
        return answer

    def post(self, action: str, intent: str, text: str, entities: dict[str, Any]) -> requests.Response:
        body: dict[str, Any] = {
            "next_action": action,
            "sender_id": f"{TENANT}_{CONVERSATION}",
            "tracker": {
                "sender_id": f"{TENANT}_{CONVERSATION}",
                "slots": self.slots,
                "latest_message": {
                    "text": text,
                    "intent": {"name": intent, "confidence": 1.0},
                    "entities": [{"entity": name, "value": value} for name, value in entities.items()],
                    "metadata": self.metadata,
                },
                "events": [],
                "paused": False,
                "active_loop": {},
            },
            "version": "3.6.21",
        }
        if self.domain is not None:
            body["domain"] = self.domain
        return requests.post(f"{self.url}/webhook", json=body, timeout=20)


def names(answer: dict[str, Any]) -> list[str]:
    """The qualification events of an answer."""
    return [event["name"] for event in answer["events"] if event["event"] == "qualification"]
