"""The visitor's messages: answered once, however often they arrive."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest


def test_a_new_conversation_greets_with_buttons(visitor: Any, log: Any) -> None:
    assert [message["text"] for message in visitor.greeting] == ["Hello! What do you do?"]
    assert visitor.greeting[0]["buttons"][0]["title"] == "An online shop"
    assert log.types(visitor.conversation_id)[0] == "conversation.started"


def test_free_text_is_read_by_the_nlu_and_answered(visitor: Any, log: Any) -> None:
    response = visitor.say("We sell bicycles")
    assert response.status_code == 200, response.text
    assert [message["text"] for message in response.json()["messages"]] == ["Noted, number 2."]
    received = log.rows(
        "SELECT data FROM event WHERE stream_id = %s AND type = 'message.received' ORDER BY version DESC LIMIT 1",
        visitor.conversation_id,
    )[0]["data"]
    assert (received["text"], received["intent"]) == ("We sell bicycles", "answer")
