"""The live hints: real Redis, real sockets."""

import time

import pytest
import requests
from markezy.handover.api import tell_pages
from markezy.kernel.ids import new_id


@pytest.fixture
def listen(staff):
    """Open a stream and give its events' names as they come."""
    opened = []

    def start(query: str = "", seconds: float = 10):
        answer = staff.get(f"/console/leads/stream{query}", stream=True)
        opened.append(answer)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        return _events(answer, time.monotonic() + seconds)

    yield start
    for answer in opened:
        answer.close()


def _events(answer: requests.Response, give_up_at: float):
    for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
        if line.startswith("event: "):
            yield line.removeprefix("event: ")
        assert time.monotonic() < give_up_at, "no event in time"


def test_stream_tells_a_page_at_once_and_for_each_change(staff, listen, redis):
    events = listen()
    assert next(events) == "changed"
    assert redis.publish(f"markezy:leads:{staff.tenant_id}", str(new_id())) == 1
    assert next(events) == "changed"


def test_stream_of_one_lead_keeps_still_for_the_others(staff, listen, redis):
    lead_id = new_id()
    events = listen(f"?lead={lead_id}")
    assert next(events) == "changed"
    started = time.monotonic()
    redis.publish(f"markezy:leads:{staff.tenant_id}", str(new_id()))
    redis.publish(f"markezy:leads:{staff.tenant_id}", str(lead_id))
    assert next(events) == "changed"
    assert time.monotonic() - started < 5


def test_a_change_of_the_inbox_reaches_every_page_whichever_lead_it_shows(staff, listen, redis):
    pages = [listen(f"?lead={new_id()}"), listen()]
    assert [next(events) for events in pages] == ["changed", "changed"]
    tell_pages(redis, staff.tenant_id, {new_id()})
    assert next(pages[0]) == "inbox"
    assert {next(pages[1]), next(pages[1])} == {"changed", "inbox"}


def test_foreign_agencys_changes_reach_nobody_else(staff, make_staff, listen, redis):
    events = listen()
    assert next(events) == "changed"
    assert redis.publish(f"markezy:leads:{make_staff().tenant_id}", str(new_id())) == 0


def test_stream_lets_its_subscription_go_when_the_page_is_closed(staff, redis):
    channel = f"markezy:leads:{staff.tenant_id}"
    answer = staff.get("/console/leads/stream", stream=True)
    events = _events(answer, time.monotonic() + 10)  # held: a dropped generator closes the connection
    assert next(events) == "changed"
    assert redis.pubsub_numsub(channel)[0][1] == 1
    answer.close()
    give_up_at = time.monotonic() + 10
    while redis.pubsub_numsub(channel)[0][1]:
        assert time.monotonic() < give_up_at, "the subscription is still there"
        redis.publish(channel, str(new_id()))


def test_stranger_gets_no_stream(make_staff):
    assert make_staff().get("/console/leads/stream").status_code == 401
