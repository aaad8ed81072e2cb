"""The live events of a conversation."""

import json
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import jwt
import pytest
from redis import Redis

from channels.conversations import Conversation
from channels.widget import stream as stream_module
from channels.widget.progress import Progress, ProgressBoard
from envelope.keys import Keys

WRITING = {
    "en": "Writing your strategy…",
    "fr": "Votre stratégie est en cours de rédaction…",
    "es": "Estamos redactando su estrategia…",
}


class Stream:
    """Reads Server-Sent Events as a browser would."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.iter_lines()

    def next(self) -> tuple[str, dict[str, Any]]:
        """Id and data of the next transcript entry."""
        fields = self._next("message")
        return fields["id"], json.loads(fields["data"])

    def progress(self) -> list[str]:
        """What is told next about the strategy that is made: the words and the percentage."""
        fields = self._next("progress")
        assert "id" not in fields
        return fields["data"].split("\n")

    def _next(self, wanted: str) -> dict[str, str]:
        """The fields of the next event of this kind; others, comments and fields without data are skipped."""
        fields: dict[str, str] = {}
        for line in self._lines:
            name, _, value = line.partition(": ")
            if name:
                fields[name.rstrip(":")] = f"{fields[name]}\n{value}" if name == "data" and name in fields else value
            elif fields.get("event") == wanted:
                return fields
            else:
                fields = {}
        raise AssertionError("the stream ended")


@contextmanager
def listening(visitor: Any, headers: dict[str, str] | None = None, **params: str) -> Iterator[Stream]:
    with httpx.Client(base_url=visitor.http.base_url, timeout=15) as client:
        sent = visitor.headers if headers is None else headers
        with client.stream("GET", f"{visitor.path}/events", headers=sent, params=params) as response:
            yield Stream(response)


def test_a_stream_tells_what_was_said_and_then_what_is_said(visitor: Any) -> None:
    with listening(visitor) as stream:
        assert stream.response.headers["content-type"].startswith("text/event-stream")
        id_, first = stream.next()
        assert (id_, first["text"]) == (visitor.greeting[0]["id"], "Hello! What do you do?")
        said = visitor.say("bicycles").json()["messages"]
        assert stream.next()[1]["text"] == "bicycles"
        assert stream.next()[1] == said[0]


def test_a_hint_brings_the_event_long_before_the_next_look(visitor: Any) -> None:
    with listening(visitor, after=visitor.greeting[-1]["id"]) as stream:
        assert next(stream.response.iter_lines()).startswith("retry:")
    with listening(visitor, after=visitor.greeting[-1]["id"]) as stream:
        begun = time.monotonic()
        visitor.say("bicycles")
        assert stream.next()[1]["text"] == "bicycles"
        assert time.monotonic() - begun < 5


def test_a_stream_resumes_behind_the_last_event_the_browser_has(visitor: Any) -> None:
    visitor.say("bicycles")
    whole = visitor.transcript()["messages"]
    with listening(visitor, {**visitor.headers, "Last-Event-ID": whole[0]["id"]}) as stream:
        assert [stream.next()[1] for _ in range(2)] == whole[1:]


def test_a_browser_may_send_its_token_in_the_address_of_events_only(visitor: Any) -> None:
    with listening(visitor, {}, token=visitor.token) as stream:
        assert stream.response.status_code == 200
        assert stream.next()[1]["text"] == "Hello! What do you do?"
    response = visitor.http.get(f"{visitor.path}/messages", params={"token": visitor.token})
    assert response.status_code == 401


def test_two_tabs_both_hear_everything(visitor: Any) -> None:
    after = visitor.greeting[-1]["id"]
    with listening(visitor, after=after) as one, listening(visitor, after=after) as other:
        visitor.say("bicycles")
        assert one.next() == other.next()


def test_nobody_hears_anothers_conversation(visitor: Any, arrive: Callable[..., Any], tenant: Any) -> None:
    other = arrive(tenant)
    with listening(visitor, after=visitor.greeting[-1]["id"]) as stream:
        other.say("boats")
        visitor.say("bicycles")
        assert stream.next()[1]["text"] == "bicycles"


@pytest.mark.parametrize(("last", "status"), [(str(uuid.uuid4()), 404), ("yesterday", 422)])
def test_an_event_id_that_is_none_of_this_conversation_is_told(visitor: Any, last: str, status: int) -> None:
    with listening(visitor, {**visitor.headers, "Last-Event-ID": last}) as stream:
        assert stream.response.status_code == status


def open_streams(visitor: Any) -> float:
    for line in visitor.http.get("/metrics").text.splitlines():
        if line.startswith("markezy_bot_open_streams "):
            return float(line.split()[1])
    raise AssertionError("the gauge is missing")


def eventually(condition: Callable[[], bool], seconds: float = stream_module.LOOK_ANYWAY + 10) -> bool:
    """Whether it comes true: at the latest when a stream that missed its visitor's leaving writes its next heartbeat."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_a_conversation_has_a_few_streams_and_gets_their_places_back(visitor: Any) -> None:
    assert eventually(lambda: open_streams(visitor) == 0)
    opened = [listening(visitor) for _ in range(5)]
    for each in opened:
        assert each.__enter__().response.status_code == 200
    with listening(visitor) as sixth:
        assert sixth.response.status_code == 429
        assert "retry-after" in sixth.response.headers
    for each in opened:
        each.__exit__(None, None, None)
    assert eventually(lambda: open_streams(visitor) == 0)
    with listening(visitor) as again:
        assert again.response.status_code == 200


def test_a_message_nobody_hinted_at_is_found_all_the_same(
    visitor: Any, log: Any, tenant: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_module, "LOOK_ANYWAY", 0.2)
    with listening(visitor, after=visitor.greeting[-1]["id"]) as stream:
        log.run(
            "INSERT INTO event (tenant_id, stream_id, version, id, stream_type, type, data, actor, correlation_id,"
            " occurred_at) SELECT tenant_id, stream_id, version + 1, gen_random_uuid(), 'conversation', 'message.sent',"
            """ '{"text": "A person is here."}', 'staff:anna', 'test', now() FROM event"""
            " WHERE tenant_id = %s AND stream_id = %s ORDER BY version DESC LIMIT 1",
            tenant.id,
            visitor.conversation_id,
        )
        entry = stream.next()[1]
        assert (entry["text"], entry["from"]) == ("A person is here.", "staff")


def test_streams_survive_the_loss_of_the_redis_connection(visitor: Any) -> None:
    with listening(visitor, after=visitor.greeting[-1]["id"]) as stream:
        redis = Redis.from_url(os.environ["REDIS_URL"])
        channel = f"markezy:conversation:{visitor_tenant(visitor)}:{visitor.conversation_id}"
        assert eventually(lambda: redis.pubsub_numsub(channel)[0][1] == 1)
        redis.client_kill_filter(_type="pubsub")
        assert eventually(lambda: redis.pubsub_numsub(channel)[0][1] == 1)
        begun = time.monotonic()
        visitor.say("bicycles")
        assert stream.next()[1]["text"] == "bicycles"
        assert time.monotonic() - begun < 5
    assert eventually(lambda: redis.pubsub_numsub(channel)[0][1] == 0)


def visitor_tenant(visitor: Any) -> str:
    return jwt.decode(visitor.token, options={"verify_signature": False})["tid"]


@pytest.fixture
def tell(visitor: Any) -> Iterator[Callable[[str | None], None]]:
    """Keep how far the visitor's strategy has come, and say so, as the worker does."""
    redis = Redis.from_url(os.environ["REDIS_URL"])
    place = f"{visitor_tenant(visitor)}:{visitor.conversation_id}"

    def keep(value: str | None) -> None:
        if value is None:
            redis.delete(f"markezy:progress:{place}")
        else:
            redis.set(f"markezy:progress:{place}", value, ex=600)
        redis.publish(f"markezy:conversation:{place}", "progress")

    yield keep
    keep(None)


def test_how_far_the_strategy_has_come_is_told_and_that_it_is_there(
    visitor: Any, tell: Callable[[str | None], None]
) -> None:
    with listening(visitor, after=visitor.greeting[-1]["id"]) as stream:
        assert stream.progress() == ["", ""]
        for percent in (10, 60):
            tell(f"{percent} en")
            assert stream.progress() == [WRITING["en"], f"{percent}%"]
        tell(None)
        assert stream.progress() == ["", ""]
        visitor.say("bicycles")
        assert stream.next()[1]["text"] == "bicycles"


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("30 fr", [WRITING["fr"], "30\u202f%"]), ("30 es", [WRITING["es"], "30\u00a0%"]), ("30 de-AT", [WRITING["en"], "30%"]),
        ("30", [WRITING["en"], "30%"]), ("soon", ["", ""]), ("", ["", ""]),
    ],
)  # fmt: skip
def test_it_is_told_in_the_leads_language_to_who_comes_in_the_middle(
    visitor: Any, tell: Callable[[str | None], None], kept: str, shown: list[str]
) -> None:
    tell(kept)
    with listening(visitor, after=visitor.greeting[-1]["id"]) as stream:
        assert stream.progress() == shown


def test_nobody_is_told_of_anothers_strategy(
    visitor: Any, arrive: Callable[..., Any], tenant: Any, tell: Callable[[str | None], None]
) -> None:
    other = arrive(tenant)
    tell("60 en")
    with listening(other, after=other.greeting[-1]["id"]) as stream:
        assert stream.progress() == ["", ""]


def test_a_browser_that_comes_back_goes_on_behind_the_last_entry_whatever_was_told_in_between(
    visitor: Any, tell: Callable[[str | None], None]
) -> None:
    tell("60 en")
    with listening(visitor) as stream:
        last = stream.next()[0]
        assert stream.progress() == [WRITING["en"], "60%"]
    visitor.say("bicycles")
    with listening(visitor, {**visitor.headers, "Last-Event-ID": last}) as stream:
        assert stream.next()[1]["text"] == "bicycles"


async def test_without_redis_there_is_nothing_to_tell() -> None:
    board = ProgressBoard("redis://127.0.0.1:1/0")
    conversation = Conversation("t", "c", "l", "widget", "en", "v", Keys("l", {1: bytes(32)}))
    assert await board.of(conversation) == Progress()
    await board.close()
