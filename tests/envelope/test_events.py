"""What of an event lies open in the log, and what is left of it without the lead's key."""

import json

import pytest

from envelope.boxes import BrokenSeal
from envelope.catalogue import CLEAR, FORGOTTEN
from envelope.events import SEALED, lead_of, opened, sealed
from envelope.keys import Keys

KEYS = Keys("lead-1", {1: b"k" * 32})
ANSWER = {"question": "email", "ordinal": 4, "label": "Your e-mail?", "value": "c@d.example", "display": "c@d.example"}


def test_only_members_of_the_catalogue_stay_in_the_clear() -> None:
    kept = sealed("qualification.answer_recorded", ANSWER, KEYS, "t", "e")
    assert {name: kept[name] for name in kept if name != SEALED} == {"question": "email", "ordinal": 4}
    assert "c@d.example" not in json.dumps(kept)
    assert lead_of(kept) == "lead-1"
    assert opened("qualification.answer_recorded", kept, KEYS, "t", "e") == ANSWER


def test_of_a_type_nobody_knows_everything_is_sealed() -> None:
    kept = sealed("rasa.slot", {"name": "x", "value": "secret"}, KEYS, "t", "e")
    assert set(kept) == {SEALED}


def test_an_event_without_personal_members_stays_as_it_is() -> None:
    data = {"question": "budget", "ordinal": 2}
    assert sealed("qualification.question_asked", data, KEYS, "t", "e") == data
    assert lead_of(data) is None
    assert opened("qualification.question_asked", data, None, "t", "e") == data


def test_without_the_lead_s_keys_the_clear_members_are_left_and_readers_find_what_they_count_on() -> None:
    kept = sealed("qualification.answer_recorded", ANSWER, KEYS, "t", "e")
    assert opened("qualification.answer_recorded", kept, None, "t", "e") == {
        "question": "email", "ordinal": 4, "label": "", "value": None, "display": ""
    }  # fmt: skip


def test_data_put_into_another_event_does_not_open() -> None:
    kept = sealed("message.received", {"text": "hello"}, KEYS, "t", "e")
    for tenant, event in (("t", "f"), ("u", "e")):
        with pytest.raises(BrokenSeal):
            opened("message.received", kept, KEYS, tenant, event)


def test_what_readers_count_on_is_never_what_stays_anyway() -> None:
    assert set(FORGOTTEN) <= set(CLEAR)
    assert all(not set(members) & CLEAR[type_] for type_, members in FORGOTTEN.items())


def test_what_was_written_after_an_erasure_reads_like_what_was_written_before_it() -> None:
    left = {"question": "email", "ordinal": 4}
    assert opened("qualification.answer_recorded", left, None, "t", "e") == {
        **left, "label": "", "value": None, "display": ""
    }  # fmt: skip
