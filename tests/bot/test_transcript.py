from datetime import datetime, timezone
from typing import Any

import pytest

from bot.transcript import MENU, entry, tapped

AT = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=timezone.utc)


def row(type_: str, actor: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"id": "id-1", "version": 2, "type": type_, "actor": actor, "data": data, "occurred_at": AT}


def test_a_visitors_message_carries_its_message_id() -> None:
    data = {"text": "Bonjour", "message_id": "m-1", "intent": "answer", "confidence": 0.4, "channel": "widget"}

    assert entry(row("message.received", "visitor", data)) == {
        "id": "id-1",
        "from": "visitor",
        "text": "Bonjour",
        "at": "2026-03-01T12:00:00.250+00:00",
        "message_id": "m-1",
    }


def test_a_reply_shows_what_helps_to_answer_it() -> None:
    buttons = [{"title": "Yes", "payload": "/answer{}"}]
    shown = entry(row("message.sent", "assistant", {"text": "Sure?", "buttons": buttons, "custom": {"internal": 1}}))

    assert shown is not None
    assert shown["from"] == "assistant"
    assert shown["buttons"] == buttons
    assert "custom" not in shown


def test_a_colleagues_reply_is_from_staff() -> None:
    shown = entry(row("message.sent", "staff:7", {"text": "Hello, this is Anna"}))

    assert shown is not None
    assert shown["from"] == "staff"


@pytest.mark.parametrize(
    ("type_", "actor", "data"),
    [
        ("message.received", "platform", {"text": "/strategy_ready", "message_id": "m"}),
        ("message.received", "visitor", {"text": "", "payload": "/start", "message_id": "m"}),
        ("qualification.scored", "assistant", {"score": 3}),
        ("rasa.action", "assistant", {"name": "action_answer"}),
    ],
)
def test_the_rest_is_not_part_of_the_transcript(type_: str, actor: str, data: dict[str, Any]) -> None:
    assert entry(row(type_, actor, data)) is None


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        ('/answer{"question": "size", "value": "small"}', "Up to ten"),
        ('/answer{"question": "size", "value": "large"}', "large"),
        ('/answer{"question": "size", "value": ["a", "b"]}', "a, b"),
        ('/answer{"question": "size", "value": 12}', "12"),
        ('/answer{"question": "sure", "value": false}', "false"),
        ("/start", ""),
        ("/answer{broken", ""),
    ],
)
def test_a_payload_is_shown_by_its_buttons_title_or_else_its_value(payload: str, text: str) -> None:
    buttons = [{"title": "Up to ten", "payload": '/answer{"question": "size", "value": "small"}'}]

    assert tapped(payload, buttons, "en", None) == text


def test_several_choices_are_shown_in_the_words_of_the_recorded_answer() -> None:
    answer = {"question": "channels", "display": "Google Ads, E-mail"}
    payload = '/answer{"question": "channels", "value": ["google_ads", "email"]}'
    assert tapped(payload, [], "en", answer) == "Google Ads, E-mail"
    assert tapped(payload, [], "en", {**answer, "question": "goal"}) == "google_ads, email"


@pytest.mark.parametrize("locale", ["en", "fr", "es"])
def test_a_menu_entry_is_shown_in_the_words_of_the_menu(locale: str) -> None:
    for intent, words in MENU.items():
        assert tapped(f"/{intent}", [], locale, None) == words[locale]
