"""A lead who rests is reminded once, where it is allowed."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from markezy.resuming import reminders

from tests.markezy.handover.mailbox import Mailbox
from tests.markezy.resuming.conftest import Case

REFUSED = {"question": "agreed", "label": "Agreed?", "value": False, "display": "no", "ordinal": 2}


def news(case: Case) -> list[str]:
    return [intent for (intent,) in case.rows("SELECT intent FROM handover_news ORDER BY position")]


def test_a_resting_lead_hears_of_it_in_chat_and_by_mail(case: Case, mailbox: Mailbox) -> None:
    case.conversation.answer("write_to", "zoe@example.com", 3)
    assert case.remind(19) == 0
    assert case.remind(21) == 1
    assert news(case) == ["reminder"]
    case.work()
    (mail,) = mailbox.taken
    assert mail["Subject"] == "Your strategy from Brightlane is waiting for your answers"
    assert "no other" in str(mail.get_body(("plain",)))


def test_once_is_enough(case: Case) -> None:
    assert [case.remind(hours) for hours in (21, 22, 40)] == [1, 0, 0]
    assert news(case) == ["reminder"]


def test_beats_side_by_side_remind_once(case: Case) -> None:
    at = case.rest(21)
    together = threading.Barrier(4)

    def beat(_number: int) -> int:
        with case.database.transaction(case.tenant_id) as connection:
            together.wait(10)
            return reminders.remind_some(connection, case.tenant_id, at, reminders.beginning(at), 10)[0]

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(beat, range(4))) == 1
    assert news(case) == ["reminder"]


def test_without_an_address_the_chat_alone_says_it(case: Case) -> None:
    assert case.remind(21) == 1
    assert case.work() == 0
    assert case.letters() == [("reminder", "", False, None)]


def test_the_address_of_a_link_serves_as_well(case: Case, mailbox: Mailbox) -> None:
    case.asks_for_a_link("zoe@elsewhere.example")
    case.work()
    case.remind(21)
    case.work()
    assert mailbox.taken[-1]["To"] == "zoe@elsewhere.example"


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("qualification.stopped", {}),
        ("qualification.person_requested", {"reason": "asked"}),
        ("qualification.reminded", {}),
        ("qualification.answer_recorded", REFUSED),
        ("qualification.completed", {"end": "e", "outcome": "nurture", "score": 0, "contact": {}}),
    ],
)
def test_nobody_is_reminded_who_needs_no_reminder(case: Case, type_: str, data: dict[str, object]) -> None:
    case.conversation.add(f"{type_}", dict(data), "visitor")
    assert case.remind(21) == 0


def test_a_week_is_too_long_ago(case: Case) -> None:
    assert case.remind(7 * 24 + 1) == 0


@pytest.mark.parametrize("channel", ["whatsapp", "messenger"])
def test_meta_allows_a_word_within_a_day(make_case: Callable[..., Case], channel: str) -> None:
    case = make_case(channel=channel)
    case.conversation.answer("write_to", "zoe@example.com", 3)
    assert case.remind(25) == 0
    assert case.remind(21) == 1
    assert news(case) == ["reminder"]
    assert case.letters() == [("reminder", "", False, None)]


def test_the_agency_decides_whether_and_when(case: Case) -> None:
    case.keep(remind=False)
    assert case.remind(21) == 0
    case.keep(hours=48)
    assert case.remind(21) == 0
    assert case.remind(49) == 1


def test_every_agencys_leads_are_reminded(case: Case, make_case: Callable[..., Case]) -> None:
    other = make_case()
    assert reminders.remind_all(case.database, other.rest(21)) >= 2
    assert news(case) == news(other) == ["reminder"]


@pytest.mark.parametrize(
    ("type_", "actor"),
    [("message.sent", "staff"), ("message.received", "platform"), ("qualification.locale_changed", "visitor")],
)
def test_meta_counts_from_the_leads_own_last_words(make_case: Callable[..., Case], type_: str, actor: str) -> None:
    case = make_case(channel="whatsapp")
    at = case.rest(25)
    data = {"text": "We are still here.", "channel": "whatsapp", "message_id": "m-1", "locale": "en"}
    case.later(4, type_, data, actor)
    case.catch_up()
    assert reminders.remind(case.database, case.tenant_id, at) == 0
    assert news(case) == []


def test_a_channel_without_rules_is_left_in_peace(make_case: Callable[..., Case]) -> None:
    assert make_case(channel="telegram").remind(21) == 0


def test_no_open_question_is_no_reason(case: Case) -> None:
    case.catch_up()
    case.rows("UPDATE lead SET pending_question = NULL RETURNING 1")
    assert case.remind(21) == 0


def test_a_lead_who_agreed_is_reminded_under_the_address_they_gave_as_their_own(case: Case, mailbox: Mailbox) -> None:
    case.conversation.answer("agreed", True, 2)
    case.conversation.answer("friend", "friend@example.com", 4)
    assert case.remind(21) == 1
    assert case.letters() == [("reminder", "", False, None)]
    other = case.another()
    other.conversation.answer("write_to", "zoe@example.com", 3)
    assert other.remind(21) == 1
    other.work()
    assert [mail["To"] for mail in mailbox.taken] == ["zoe@example.com"]


def test_a_lead_whose_return_the_read_model_has_not_seen_is_not_reminded(case: Case) -> None:
    at = case.rest(21)
    case.later(20, "message.received", {"text": "I am back"}, "visitor")
    assert reminders.remind(case.database, case.tenant_id, at) == 0


def test_a_lead_who_comes_back_first_gets_no_letter(case: Case, mailbox: Mailbox) -> None:
    case.conversation.answer("write_to", "zoe@example.com", 3)
    assert case.remind(21) == 1
    case.later(22, "message.received", {"text": "I am back"}, "visitor")
    case.work()
    assert mailbox.taken == []
    assert case.letters() == [("reminder", "zoe@example.com", False, "the lead came back before it was sent")]
    assert case.work() == 0


def test_leads_who_wait_behind_reminded_ones_have_their_turn(case: Case) -> None:
    assert case.remind(21) == 1
    others = [case.another() for _ in range(3)]
    at = others[-1].rest(21)
    assert reminders.remind(case.database, case.tenant_id, at, at_once=1) == 3
    assert news(case) == ["reminder"] * 4
