"""What follows when a lead asks for a person: the inbox, the team's e-mail, an answer in time."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from markezy.kernel.mail import NotSent

from tests.markezy.handover.conftest import NOT_OPEN, Office
from tests.markezy.handover.mailbox import Mailbox


class TestOpenOffice:
    def test_the_lead_waits_and_the_team_is_told(self, office: Office) -> None:
        office.happens("person_requested", reason="asked")
        assert office.handovers() == [("waiting", None)]
        assert office.open_tasks() == ["handover.give_up", "handover.notify"]
        assert office.news() == []

    def test_giving_up_is_due_when_the_patience_is_over(self, office: Office) -> None:
        office.keep(answer_seconds=600)
        office.happens("person_requested", reason="asked")
        ((left,),) = office.rows(
            "SELECT outbox.due_at - handover.requested_at FROM outbox, handover WHERE task = 'handover.give_up'"
        )
        assert timedelta(seconds=600) <= left < timedelta(seconds=605)

    def test_nobody_came_in_time(self, office: Office) -> None:
        office.happens("person_requested", reason="asked")
        office.work("handover.give_up")
        assert office.news() == [("team_away", {"reason": "busy", "opens_at": ""})]
        assert "handover.deliver" in office.open_tasks()
        office.happens("team_away", reason="busy", opens_at=None)
        assert office.handovers() == [("away", None)]

    def test_somebody_came_in_time(self, office: Office) -> None:
        office.happens("person_requested", reason="asked")
        office.take(office.hire())
        office.work("handover.give_up")
        assert [intent for intent, _ in office.news()] == ["person_joined"]

    def test_a_second_request_while_waiting_is_the_same(self, office: Office) -> None:
        office.happens("person_requested", reason="asked")
        office.happens("person_requested", reason="misunderstood")
        assert office.handovers() == [("waiting", None)]
        assert office.open_tasks() == ["handover.give_up", "handover.notify"]

    def test_asking_again_and_again_is_one_mail(self, office: Office) -> None:
        for _ in range(3):
            office.happens("person_requested", reason="asked")
            office.happens("person_declined")
        office.happens("person_requested", reason="asked")
        assert office.handovers()[-1] == ("waiting", None)
        assert office.open_tasks().count("handover.notify") == 1

    def test_a_lead_who_goes_on_alone_leaves_the_inbox(self, office: Office) -> None:
        office.happens("person_requested", reason="asked")
        office.happens("person_declined")
        assert office.handovers() == [("closed", None)]

    def test_going_on_alone_comes_too_late_for_a_person_who_is_there(self, office: Office) -> None:
        office.happens("person_requested", reason="asked")
        office.take(office.hire())
        office.happens("person_declined")
        assert office.handovers() == [("talking", None)]

    def test_a_request_from_before_there_were_handovers_opens_none(self, office: Office) -> None:
        office.happens("person_requested")
        assert office.handovers() == []


class TestClosedOffice:
    def test_the_lead_hears_when_it_opens(self, office: Office) -> None:
        office.keep(office_hours={"mon": [["09:00", "09:01"]]})
        office.happens("person_requested", reason="asked")
        ((intent, data),) = office.news()
        assert (intent, data["reason"]) == ("team_away", "closed")
        assert "T09:00:00+0" in data["opens_at"]
        assert "handover.give_up" not in office.open_tasks()

    def test_a_message_stays_in_the_inbox_until_staff_close_it(self, office: Office) -> None:
        office.keep(office_hours=NOT_OPEN)
        office.happens("person_requested", reason="asked")
        office.happens("team_away", reason="closed", opens_at=None)
        office.happens("message_left", text="Please call me on Monday.")
        assert office.handovers() == [("away", "Please call me on Monday.")]
        user = office.hire()
        (item,) = office.call("GET", "/handovers", user).json()["items"]
        assert item["message"] == "Please call me on Monday."
        for _ in range(2):
            assert office.call("POST", f"/handovers/{item['id']}/close", user).json()["status"] == "closed"
        assert office.call("GET", "/handovers", user).json()["items"] == []

    def test_a_new_request_carries_the_message_over(self, office: Office) -> None:
        office.keep(office_hours=NOT_OPEN)
        office.happens("person_requested", reason="asked")
        office.happens("team_away", reason="closed", opens_at=None)
        office.happens("message_left", text="Call me.")
        office.happens("person_requested", reason="asked")
        assert office.handovers() == [("closed", "Call me."), ("waiting", "Call me.")]
        office.happens("person_declined")
        assert office.handovers()[-1] == ("away", "Call me.")

    def test_a_message_is_not_lost_when_staff_closed_the_request_meanwhile(self, office: Office) -> None:
        office.keep(office_hours=NOT_OPEN)
        office.happens("person_requested", reason="asked")
        office.happens("team_away", reason="closed", opens_at=None)
        user = office.hire()
        (item,) = office.call("GET", "/handovers", user).json()["items"]
        office.call("POST", f"/handovers/{item['id']}/close", user)
        office.happens("message_left", text="Call me.")
        assert office.handovers() == [("closed", None), ("away", "Call me.")]


def test_playing_the_log_again_changes_nothing(office: Office) -> None:
    office.keep(office_hours=NOT_OPEN)
    for _ in range(2):
        office.happens("person_requested", reason="asked")
        office.happens("team_away", reason="closed", opens_at=None)
        office.happens("message_left", text="Call me.")
    office.happens("person_requested", reason="rule")
    office.happens("person_declined")
    office.happens("person_requested", reason="asked")
    before = (office.handovers(), office.news(), office.open_tasks())
    office.replay()
    assert (office.handovers(), office.news(), office.open_tasks()) == before


class TestNotify:
    def test_everybody_who_may_answer_gets_one_message(self, office: Office, mailbox: Mailbox) -> None:
        office.hire("Olivia Grant", "owner"), office.hire(), office.hire("Ana Lyst", "analyst")
        office.conversation.ask("Your name?").say("Claire").answer("name", "Claire Dubois", 1)
        office.happens("person_requested", reason="misunderstood")
        office.work("handover.notify")
        (message,) = mailbox.taken
        assert [each.addr_spec.split("@")[0] for each in message["To"].addresses] == ["olivia", "ravi"]
        assert message["Subject"] == "Claire Dubois wants to talk to a person"
        body = message.get_content()
        assert f"{office.settings.platform_url}/console/leads/{office.lead_id}" in body
        assert "did not understand" in body
        assert "so far: 2" in body
        assert office.work("handover.notify") == 0

    def test_the_named_address_gets_it_alone_in_the_agencys_language(
        self, open_office: Callable[..., Office], mailbox: Mailbox
    ) -> None:
        office = open_office(locale="fr")
        office.hire()
        office.keep(notify_email="accueil@nova.example")
        office.happens("person_requested", reason="asked")
        office.work("handover.notify")
        (message,) = mailbox.taken
        assert (message["To"], message["Subject"]) == (
            "accueil@nova.example",
            "Un visiteur souhaite parler à quelqu’un",
        )

    def test_sent_again_it_is_the_same_message(self, office: Office, mailbox: Mailbox) -> None:
        office.hire()
        office.happens("person_requested", reason="asked")
        mailbox.answers = ["451 not now"]
        with pytest.raises(NotSent):
            office.work("handover.notify")
        office.work("handover.notify")
        ((handover_id,),) = office.rows("SELECT id FROM handover")
        (message,) = mailbox.taken
        assert message["Message-ID"] == f"<request-{handover_id}@markezy.example>"

    def test_a_message_that_was_left_is_in_the_mail(self, office: Office, mailbox: Mailbox) -> None:
        office.hire()
        office.keep(office_hours=NOT_OPEN)
        office.happens("person_requested", reason="asked")
        office.happens("team_away", reason="closed", opens_at=None)
        office.happens("message_left", text="Call me.\nAfter ten.")
        office.work("handover.notify")
        assert "> Call me.\r\n> After ten." in mailbox.taken[-1].get_content()
        assert mailbox.taken[-1]["Subject"] == "A visitor left you a message"

    def test_who_is_served_already_needs_no_mail(self, office: Office, mailbox: Mailbox) -> None:
        office.happens("person_requested", reason="asked")
        office.take(office.hire())
        office.work("handover.notify")
        assert mailbox.taken == []
        assert "handover.notify" not in office.open_tasks()

    def test_a_wicked_name_adds_no_header(self, office: Office, mailbox: Mailbox) -> None:
        office.hire()
        office.conversation.answer("name", "Eve\r\nBcc: all@example.com", 1)
        office.happens("person_requested", reason="asked")
        office.work("handover.notify")
        (message,) = mailbox.taken
        assert message["Bcc"] is None
        assert message["Subject"] == "Eve Bcc: all@example.com wants to talk to a person"
