"""The inbox and the take-over on the lead page, as HTML."""

import re

import pytest
from markezy.kernel.ids import new_id
from sqlalchemy import text

from tests.markezy.console import rows


@pytest.fixture
def write(staff, database):
    """Run one of `rows`' functions in the agency's transaction."""

    def run(function, *arguments, **wanted):
        with database.transaction(staff.tenant_id) as connection:
            return function(connection, staff.tenant_id, *arguments, **wanted)

    return run


@pytest.fixture
def lead_id(write):
    return write(rows.add_lead, name="Claire Dubois", locale="fr")


@pytest.fixture
def agency_rows(staff, database):
    def run(sql):
        with database.transaction(staff.tenant_id) as connection:
            return list(connection.execute(text(sql)).tuples())

    return run


def badge(page: str) -> str | None:
    found = re.search(r'data-waiting="(\d+)"', page)
    return found and found[1]


def take(staff, lead_id):
    return staff.post(f"/console/leads/{lead_id}/take")


class TestInbox:
    def test_empty_it_says_what_will_come(self, staff):
        page = staff.get("/console/inbox").text
        assert "Nobody is waiting" in page
        assert badge(page) is None

    def test_it_shows_who_waits_who_talks_and_what_was_left(self, staff, write, lead_id):
        write(rows.add_handover, lead_id, reason="misunderstood")
        write(rows.add_handover, write(rows.add_lead, name="Tom"), status="talking", taken_by=new_id())
        write(rows.add_handover, write(rows.add_lead, name="Ana"), status="away", message="Call <me>")
        page = staff.get("/console/inbox").text
        assert re.findall(r'data-group="(\w+)"', page) == ["waiting", "talking", "away"]
        for expected in ("Claire Dubois", "2 min ago", "could not follow", "Tom", "Ana", "Call &lt;me&gt;"):
            assert expected in page
        assert badge(page) == "1"

    def test_the_badge_stands_on_every_page(self, staff, write, lead_id):
        write(rows.add_handover, lead_id)
        for path in ("/console/leads", f"/console/leads/{lead_id}", "/console/inbox", "/console/inbox/waiting"):
            assert badge(staff.get(path).text) == "1", path

    def test_a_message_that_is_done_leaves_the_inbox(self, staff, write, lead_id):
        handover_id = write(rows.add_handover, lead_id, status="away", message="Call me")
        page = staff.post(f"/console/inbox/{handover_id}/close")
        assert (page.status_code, "Call me" in page.text) == (200, False)

    def test_who_waits_can_not_be_marked_done(self, staff, write, lead_id):
        handover_id = write(rows.add_handover, lead_id)
        assert "Claire Dubois" in staff.post(f"/console/inbox/{handover_id}/close").text

    def test_fragment_is_only_the_list(self, staff):
        answer = staff.get("/console/inbox", headers={"HX-Request": "true"})
        assert "<html" not in answer.text
        assert "Nobody is waiting" in answer.text

    def test_an_analyst_has_no_inbox(self, make_staff, staff, lead_id, write):
        write(rows.add_handover, lead_id)
        analyst = make_staff("analyst", staff.tenant_id)
        analyst.log_in()
        assert analyst.get("/console/inbox").status_code == 403
        page = analyst.get(f"/console/leads/{lead_id}").text
        assert "/console/inbox" not in page
        assert "wants to talk to a person</strong>" not in page

    def test_a_reader_sees_and_does_nothing(self, make_staff, staff, lead_id, write):
        write(rows.add_handover, lead_id)
        reader = make_staff("read_only", staff.tenant_id)
        reader.log_in()
        for path in ("/console/inbox", f"/console/leads/{lead_id}"):
            page = reader.get(path).text
            assert "Claire Dubois" in page
            assert "Take over" not in page
        assert take(reader, lead_id).status_code == 403


class TestTakeOver:
    def test_the_bar_says_who_waits_and_since_when(self, staff, write, lead_id):
        write(rows.add_handover, lead_id)
        page = staff.get(f"/console/leads/{lead_id}").text
        assert "Claire Dubois wants to talk to a person" in page
        assert "2 min ago" in page
        assert 'name="text"' not in page

    def test_taking_over_opens_the_reply_box_and_tells_the_lead(self, staff, write, lead_id, agency_rows):
        write(rows.add_handover, lead_id)
        page = take(staff, lead_id)
        assert page.url == f"{staff.url}/console/leads/{lead_id}#reply-text"
        assert "You are talking to Claire Dubois" in page.text
        assert 'name="text"' in page.text
        assert badge(page.text) is None
        assert agency_rows("SELECT intent FROM handover_news") == [("person_joined",)]

    def test_a_colleague_who_was_faster_is_named(self, staff, make_staff, lead_id):
        take(staff, lead_id)
        colleague = make_staff("agent", staff.tenant_id)
        colleague.log_in()
        page = take(colleague, lead_id).text
        assert "Olivia Grant is talking to Claire Dubois" in page
        assert 'name="text"' not in page

    def test_what_was_written_without_scripts_is_on_its_way(self, staff, lead_id, agency_rows):
        take(staff, lead_id)
        page = staff.post(f"/console/leads/{lead_id}/messages", {"id": str(new_id()), "text": "Hello <Claire>"}).text
        assert "Hello &lt;Claire&gt;" in page
        assert "Sending…" in page
        assert agency_rows("SELECT count(*) FROM handover_news WHERE intent = 'person_message'") == [(1,)]

    def test_scripts_get_the_next_id(self, staff, lead_id):
        take(staff, lead_id)
        form = {"id": str(new_id()), "text": "Hello"}
        answer = staff.post(f"/console/leads/{lead_id}/messages", form, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert '"replied"' in answer.headers["HX-Trigger"]

    def test_a_draft_is_not_lost_when_the_conversation_is_not_taken(self, staff, lead_id):
        form = {"id": str(new_id()), "text": "A long thought"}
        page = staff.post(f"/console/leads/{lead_id}/messages", form)
        assert page.status_code == 409
        assert ">A long thought</textarea>" in page.text
        assert "Take it over first" in page.text
        answer = staff.post(f"/console/leads/{lead_id}/messages", form, headers={"HX-Request": "true"})
        assert (answer.status_code, answer.headers["Content-Type"]) == (409, "text/plain; charset=utf-8")
        assert answer.text.startswith("This conversation is with the assistant again.")

    def test_what_failed_says_why(self, staff, write, lead_id, agency_rows):
        take(staff, lead_id)
        ((handover_id,),) = agency_rows("SELECT id FROM handover")
        write(rows.add_news, lead_id, handover_id, failure="the bot answered 422")
        page = staff.get(f"/console/leads/{lead_id}").text
        assert "Not delivered: the bot answered 422" in page
        assert "Hello, I am Ravi" in page

    def test_handing_back_closes_the_reply_box(self, staff, lead_id):
        take(staff, lead_id)
        page = staff.post(f"/console/leads/{lead_id}/release").text
        assert "The assistant is looking after this conversation" in page
        assert 'name="text"' not in page

    def test_staff_are_named_in_the_transcript(self, staff, write, lead_id):
        write(rows.say, lead_id, "staff", "Hello, I am Ravi", name="Ravi")
        assert re.search(
            r'data-sender="staff".*?said-by"[^>]*>Ravi ', staff.get(f"/console/leads/{lead_id}").text, re.S
        )

    def test_news_leave_a_reply_box_alone_in_which_somebody_writes(self, staff, lead_id):
        take(staff, lead_id)
        assert 'id="reply"' not in staff.get(f"/console/leads/{lead_id}/news?replying=yes").text
        assert 'name="text"' in staff.get(f"/console/leads/{lead_id}/news?replying=").text

    @pytest.mark.parametrize("action", ["take", "release", "messages"])
    def test_another_sites_form_and_another_agencys_staff_change_nothing(
        self, staff, make_staff, lead_id, action, agency_rows
    ):
        form = {"id": str(new_id()), "text": "Hello"}
        path = f"/console/leads/{lead_id}/{action}"
        assert staff.post(path, form, headers={"Origin": "https://evil.example"}).status_code == 403
        stranger = make_staff()
        stranger.log_in()
        assert stranger.post(path, form).status_code == 404
        assert agency_rows("SELECT 1 FROM handover") == []
