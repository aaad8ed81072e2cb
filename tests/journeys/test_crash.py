"""`kill -9` in the middle of a conversation."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import requests

from devstack.stack import Stack
from tests.journeys.conftest import eventually
from tests.journeys.interviews import INTERVIEWS, answer_pending
from tests.journeys.lead import Lead


def questions(lead: Lead) -> list[str]:
    """The questions asked so far, in order."""
    return [entry["input"]["question"] for entry in lead.transcript() if entry.get("input")]


def test_after_a_kill_of_rasa_the_lead_answers_the_pending_question_and_goes_on(
    stack: Stack, make_lead: Callable[..., Lead]
) -> None:
    lead = make_lead("brightlane", "en")
    interview = INTERVIEWS["brightlane"]
    for _ in range(4):
        answer_pending(lead, interview)
    pending, before = lead.question, lead.transcript()
    stack.kill("rasa")
    stack.wait_ready("rasa")
    assert lead.transcript() == before
    answer_pending(lead, interview)
    assert lead.question != pending
    asked = questions(lead)
    assert len(asked) == len(set(asked))


def test_a_message_accepted_just_before_the_kill_is_answered_once(stack: Stack, make_lead: Callable[..., Lead]) -> None:
    leads = [make_lead("brightlane", "en") for _ in range(8)]
    ids = [str(uuid.uuid4()) for _ in leads]

    def say(lead: Lead, message_id: str) -> int | None:
        try:
            return lead.post({"id": message_id, "text": "why do you ask?"}).status_code
        except requests.RequestException:
            return None

    with ThreadPoolExecutor(len(leads)) as pool:
        sent = [pool.submit(say, lead, message_id) for lead, message_id in zip(leads, ids, strict=True)]
        stack.kill("rasa")
        outcomes = [one.result() for one in sent]
    stack.wait_ready("rasa")
    for lead, message_id, outcome in zip(leads, ids, outcomes, strict=True):
        if outcome != 200:
            answer = eventually(
                lambda lead=lead, message_id=message_id: _answered(lead, message_id), "the message to be answered"
            )
            assert answer
        mine = [entry for entry in lead.transcript() if entry.get("message_id") == message_id]
        assert len(mine) == 1


def _answered(lead: Lead, message_id: str) -> bool:
    """Send the same message again, as the widget does after an interruption."""
    return lead.post({"id": message_id, "text": "why do you ask?"}).status_code == 200
