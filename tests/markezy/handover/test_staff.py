"""What staff do over the API: take over, answer, hand back, look into the inbox, keep hours."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from markezy.kernel.ids import new_id

from tests.markezy.handover.conftest import Office


class TestTake:
    def test_a_waiting_lead_is_taken_by_first_name(self, office: Office) -> None:
        office.happens("person_requested", reason="asked")
        ravi = office.hire("Ravi Menon")
        answer = office.take(ravi)
        assert answer.status_code == 200
        assert answer.json()["taken_by"]["name"] == "Ravi Menon"
        assert office.handovers() == [("talking", None)]
        assert office.news() == [("person_joined", {"name": "Ravi", "by": str(ravi.id)})]

    def test_nobody_has_to_ask(self, office: Office) -> None:
        user = office.hire()
        assert office.take(user).json()["reason"] == "staff"
        assert office.news() == [("person_joined", {"name": "Ravi", "by": str(user.id)})]

    def test_again_is_harmless(self, office: Office) -> None:
        user = office.hire()
        assert office.take(user).json() == office.take(user).json()
        assert len(office.news()) == 1

    def test_a_colleague_is_named(self, office: Office) -> None:
        office.take(office.hire("Ravi Menon"))
        answer = office.take(office.hire("Olivia Grant", "owner"))
        assert answer.status_code == 409
        assert "Ravi Menon is talking to this lead" in answer.json()["detail"]

    def test_of_two_at_the_same_moment_one_gets_it(self, office: Office) -> None:
        office.happens("person_requested", reason="asked")
        users = [office.hire(f"Person{number} X") for number in range(4)]
        with ThreadPoolExecutor(4) as pool:
            statuses = sorted(answer.status_code for answer in pool.map(office.take, users))
        assert statuses == [200, 409, 409, 409]
        assert len(office.news()) == 1


class TestSay:
    def test_words_become_news_under_the_clients_id(self, office: Office) -> None:
        user, id_ = office.hire(), new_id()
        office.take(user)
        answer = office.say(user, id_, "  Hello Claire,\nhow can I help?  ")
        assert (answer.status_code, answer.json()["status"]) == (202, "pending")
        assert office.news()[-1] == (
            "person_message", {"name": "Ravi", "text": "Hello Claire,\nhow can I help?", "by": str(user.id)},
        )  # fmt: skip
        assert office.rows("SELECT id FROM handover_news ORDER BY position DESC LIMIT 1") == [(id_,)]

    def test_sent_twice_it_is_said_once(self, office: Office) -> None:
        user, id_ = office.hire(), new_id()
        office.take(user)
        with ThreadPoolExecutor(3) as pool:
            answers = list(pool.map(lambda _: office.say(user, id_, "Hello"), range(3)))
        assert {answer.status_code for answer in answers} == {202}
        assert len(office.news()) == 2
        office.release(user)
        assert office.say(user, id_, "Hello").status_code == 202

    def test_an_id_is_for_one_message(self, office: Office) -> None:
        user, id_ = office.hire(), new_id()
        office.take(user)
        office.say(user, id_, "Hello")
        assert office.say(user, id_, "Good-bye").status_code == 409

    def test_the_conversation_has_to_be_taken_first(self, office: Office) -> None:
        user, colleague = office.hire(), office.hire("Olivia Grant", "owner")
        answer = office.say(user, new_id(), "Hello")
        assert (answer.status_code, answer.json()["detail"]) == (409, "Take the conversation over first.")
        office.take(colleague)
        answer = office.say(user, new_id(), "Hello")
        assert answer.status_code == 409
        assert "Olivia Grant is talking" in answer.json()["detail"]

    @pytest.mark.parametrize("words", ["", "  \n ", "a\0b", "x" * 4001])
    def test_words_that_can_not_be_said_are_refused(self, office: Office, words: str) -> None:
        user = office.hire()
        office.take(user)
        assert office.say(user, new_id(), words).status_code == 422
        assert len(office.news()) == 1


class TestRelease:
    def test_the_assistant_goes_on(self, office: Office) -> None:
        user = office.hire()
        office.take(user)
        for _ in range(2):
            assert office.release(user).json()["status"] == "closed"
        assert [intent for intent, _ in office.news()] == ["person_joined", "person_left"]

    def test_a_colleague_may_for_somebody_who_went_home(self, office: Office) -> None:
        office.take(office.hire("Ravi Menon"))
        olivia = office.hire("Olivia Grant", "owner")
        assert office.release(olivia).status_code == 200
        assert office.news()[-1] == ("person_left", {"name": "Ravi", "by": str(olivia.id)})

    def test_a_colleague_who_is_not_there_any_more_leaves_as_the_agency(self, office: Office) -> None:
        user, colleague = office.hire(), office.hire("Olivia Grant", "owner")
        office.take(user)
        office.rows(f"DELETE FROM staff_session WHERE user_id = '{user.id}' RETURNING 1")
        office.rows(f"DELETE FROM staff_user WHERE id = '{user.id}' RETURNING 1")
        assert office.release(colleague).status_code == 200
        assert office.news()[-1] == ("person_left", {"name": "Brightlane", "by": str(colleague.id)})

    def test_nothing_taken_is_nothing_to_hand_back(self, office: Office) -> None:
        office.happens("person_requested", reason="asked")
        assert office.release(office.hire()).status_code == 409
        assert office.handovers() == [("waiting", None)]


class TestRecord:
    def test_the_leads_stream_says_who_took_handed_back_and_closed(self, office: Office) -> None:
        ravi, olivia = office.hire("Ravi Menon"), office.hire("Olivia Grant", "owner")
        office.take(ravi)
        office.take(ravi)
        office.release(olivia)
        office.happens("message_left", text="Call me")
        ((left,),) = office.rows("SELECT id FROM handover WHERE status = 'away'")
        for _ in range(2):
            assert office.call("POST", f"/handovers/{left}/close", ravi).status_code == 200
        done = office.rows("SELECT type, actor FROM event WHERE stream_type = 'lead' ORDER BY version")
        assert done == [
            ("handover.taken", f"staff:{ravi.id}"),
            ("handover.released", f"staff:{olivia.id}"),
            ("handover.closed", f"staff:{ravi.id}"),
        ]
        assert office.rows("SELECT count(*) FROM event WHERE data ? 'sealed' AND stream_type = 'lead'") == [(0,)]


class TestClose:
    def test_who_waits_or_talks_can_not_be_closed(self, office: Office) -> None:
        user = office.hire()
        office.happens("person_requested", reason="asked")
        ((handover_id,),) = office.rows("SELECT id FROM handover")
        assert office.call("POST", f"/handovers/{handover_id}/close", user).status_code == 409
        office.take(user)
        assert office.call("POST", f"/handovers/{handover_id}/close", user).status_code == 409


class TestInbox:
    def test_it_is_paged_and_filtered(self, office: Office) -> None:
        user = office.hire()
        for _ in range(3):
            office.take(user)
            office.release(user)
        office.happens("person_requested", reason="asked")
        (waiting,) = office.call("GET", "/handovers", user).json()["items"]
        assert (waiting["status"], waiting["lead"]["messages"]) == ("waiting", 0)
        seen, cursor = [], {}
        while True:
            page = office.call("GET", "/handovers", user, status="closed", limit="2", **cursor).json()
            seen += [item["id"] for item in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = {"cursor": page["next_cursor"]}
        assert len(set(seen)) == len(seen) == 3

    @pytest.mark.parametrize(
        ("query", "status"),
        [({"status": "odd"}, 422), ({"limit": "0"}, 422), ({"limit": "x"}, 400), ({"cursor": "x"}, 400)],
    )
    def test_a_query_that_makes_no_sense_is_refused(self, office: Office, query: dict[str, str], status: int) -> None:
        assert office.call("GET", "/handovers", office.hire(), **query).status_code == status


class TestSettings:
    def test_they_are_kept(self, office: Office) -> None:
        owner = office.hire("Olivia Grant", "owner")
        assert office.call("GET", "/handover/settings", owner).json() == {
            "timezone": "UTC", "office_hours": None, "notify_email": "", "answer_seconds": 180,
        }  # fmt: skip
        wanted = {
            "timezone": "Europe/Paris", "office_hours": {"mon": [["09:00", "12:30"], ["13:30", "18:00"]]},
            "notify_email": "team@nova.example", "answer_seconds": 60,
        }  # fmt: skip
        assert office.call("PUT", "/handover/settings", owner, wanted).status_code == 200
        assert office.call("GET", "/handover/settings", owner).json() == wanted
        office.call("PUT", "/handover/settings", owner, {**wanted, "office_hours": None})
        assert office.rows("SELECT office_hours IS NULL FROM handover_settings") == [(True,)]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"timezone": "Mars/Olympus"},
            {"timezone": "../../etc/passwd"},
            {"timezone": "Europe"},
            {"office_hours": {"mon": [["18:00", "09:00"]]}},
            {"office_hours": {"someday": []}},
            {"office_hours": {"mon": [["09:00"]]}},
            {"notify_email": "not an address"},
            {"answer_seconds": 5},
            {"colour": "red"},
        ],
    )
    def test_what_makes_no_sense_changes_nothing(self, office: Office, wrong: dict[str, Any]) -> None:
        owner = office.hire("Olivia Grant", "owner")
        wanted = {"timezone": "UTC", "office_hours": None, **wrong}
        assert office.call("PUT", "/handover/settings", owner, wanted).status_code == 422
        assert office.rows("SELECT 1 FROM handover_settings") == []


def test_roles_keep_their_place(office: Office) -> None:
    agent, analyst, reader = office.hire(), office.hire("Ana Lyst", "analyst"), office.hire("Rea Der", "read_only")
    assert office.call("GET", "/handovers", analyst).status_code == 403
    assert office.call("GET", "/handovers", reader).status_code == 200
    assert office.take(reader).status_code == 403
    assert office.call("GET", "/handover/settings", agent).status_code == 403


def test_another_agencys_lead_is_no_lead_at_all(office: Office, open_office: Callable[..., Office]) -> None:
    office.happens("person_requested", reason="asked")
    ((handover_id,),) = office.rows("SELECT id FROM handover")
    stranger = open_office().hire()
    assert office.take(stranger).status_code == 404
    assert office.release(stranger).status_code == 404
    assert office.say(stranger, new_id(), "Hello").status_code == 404
    assert office.call("POST", f"/handovers/{handover_id}/close", stranger).status_code == 404
    assert office.call("GET", "/handovers", stranger).json()["items"] == []
    assert office.handovers() == [("waiting", None)]
