"""Rows of the conversation's event stream as the transcript entries people see (docs/contracts.md)."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

Entry = dict[str, Any]

COLUMNS = "id, version, type, actor, data, occurred_at"
"""What a query must select for `entry`."""

_SHOWN_WITH_A_REPLY = ("name", "buttons", "input", "attachment", "progress")


def entry(row: Mapping[str, Any]) -> Entry | None:
    """The transcript entry of one event row, or None when the event is not part of the transcript.

    `row` has the keys `id`, `type`, `actor`, `data` and `occurred_at`.
    """
    data = row["data"]
    if row["type"] == "message.sent":
        shown = {
            "id": str(row["id"]),
            "from": "staff" if row["actor"].startswith("staff") else "assistant",
            "text": data["text"],
            "at": _iso(row["occurred_at"]),
        }
        shown.update((key, data[key]) for key in _SHOWN_WITH_A_REPLY if data.get(key))
        return shown
    if row["type"] == "message.received" and row["actor"] == "visitor" and data["text"]:
        said = {
            "id": str(row["id"]),
            "from": "visitor",
            "text": data["text"],
            "at": _iso(row["occurred_at"]),
            "message_id": data["message_id"],
        }
        if data.get("question"):
            said["question"] = data["question"]
        return said
    return None


def entries(rows: Iterable[Mapping[str, Any]]) -> list[Entry]:
    """The transcript entries among `rows`, in their order."""
    return [shown for row in rows if (shown := entry(row)) is not None]


MENU = {
    "go_back": {
        "en": "Go back one question",
        "fr": "Revenir à la question précédente",
        "es": "Volver a la pregunta anterior",
    },
    "ask_why": {"en": "Why do you ask?", "fr": "Pourquoi cette question ?", "es": "¿Por qué lo pregunta?"},
    "ask_person": {"en": "Talk to a person", "fr": "Parler à une personne", "es": "Hablar con una persona"},
    "resume_later": {"en": "Continue later", "fr": "Continuer plus tard", "es": "Continuar más tarde"},
    "stop": {"en": "Stop", "fr": "Arrêter", "es": "Parar"},
    "change_answer": {"en": "Change my answer", "fr": "Modifier ma réponse", "es": "Cambiar mi respuesta"},
    "confirm": {"en": "Everything is right", "fr": "Tout est juste", "es": "Todo está bien"},
    "go_on": {"en": "Go on without waiting", "fr": "Continuer sans attendre", "es": "Seguir sin esperar"},
}
"""What a lead says by tapping an entry of the widget's menu, an earlier answer, or a button from long ago; the same words
as on the menu."""

LANGUAGES = {"en": "English", "fr": "Français", "es": "Español"}


def tapped(payload: str, buttons: Iterable[Mapping[str, Any]], locale: str, answer: Mapping[str, Any] | None) -> str:
    """What the lead saw on the button that sends `payload`.

    `answer` is the data of the answer the turn recorded, if any: it knows the words of several choices at once and of a
    button from long ago. Without it, a button that is no longer at hand is shown by its value. A payload that is
    nothing the lead said, such as the `/start` a widget sends when it opens, shows nothing; nor does a file, whose name the
    payload does not hold.
    """
    for button in buttons:
        if button.get("payload") == payload:
            return str(button.get("title", ""))
    intent, brace, rest = payload.removeprefix("/").partition("{")
    if not brace:
        return MENU.get(intent, {}).get(locale, "")
    try:
        members = json.loads(brace + rest)
        value = members.get("value")
    except (ValueError, AttributeError):
        return ""
    if intent == "change_answer":
        return MENU[intent].get(locale, "")
    if intent == "switch_language":
        return LANGUAGES.get(str(value), "")
    if answer is not None and answer.get("question") == members.get("question"):
        return str(answer.get("display", ""))
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return value if isinstance(value, str) else json.dumps(value)


def _iso(at: datetime) -> str:
    return at.astimezone(timezone.utc).isoformat(timespec="milliseconds")
