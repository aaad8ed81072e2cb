"""The pages about privacy: periods, requests, the record of processing, and a person's rights on their own page."""

import html
import re

import pytest
from markezy.kernel import task
from markezy.kernel.clock import now
from markezy.privacy import api as privacy
from markezy.privacy import tasks as _tasks  # noqa: F401 - importing names the tasks
from sqlalchemy import text

from tests.markezy.console import rows


def shown(page) -> str:
    """What stands on the page, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def form_of(staff, **changed):
    """The periods as the form sends them."""
    page = staff.get("/console/privacy")
    found = dict(re.findall(r'<input name="(\w+)" type="number"[^>]*value="(\d+)"', page.text, re.DOTALL))
    return {**found, **changed}


@pytest.fixture
def happens(staff, database):
    def run(function, *arguments, **wanted):
        with database.transaction(staff.tenant_id) as connection:
            return function(connection, staff.tenant_id, *arguments, **wanted)

    return run


@pytest.fixture
def work(staff, database, settings):
    """Run the agency's open rows of a task."""

    def run(name):
        with database.transaction(staff.tenant_id) as connection:
            found = connection.execute(
                text("SELECT id, payload FROM outbox WHERE task = :name AND completed_at IS NULL"), {"name": name}
            ).all()
        for row_id, payload in found:
            task.run(name, task.TaskCall(staff.tenant_id, row_id, "correlation", settings, database), payload)

    return run


def old_lead(happens, days, **wanted):
    at = rows.days_ago(days)
    return happens(rows.add_lead, state="qualified", started_at=at, last_message_at=at, **wanted)


def days_of(staff, database, name):
    with database.transaction(staff.tenant_id) as connection:
        return {one.data_class: one.days for one in privacy.periods(connection, staff.tenant_id)}[name]


@pytest.mark.parametrize("path", ["/console/privacy", "/console/privacy/requests", "/console/privacy/record"])
@pytest.mark.parametrize(
    ("role", "status"), [("owner", 200), ("admin", 200), ("agent", 403), ("analyst", 403), ("read_only", 403)]
)
def test_managers_see_them_and_others_are_told_that_they_may_not(make_staff, role, status, path):
    person = make_staff(role)
    person.log_in()
    page = person.get(path)
    assert page.status_code == status
    assert ('href="/console/privacy"' in person.get("/console/leads").text) == (status == 200)


@pytest.mark.parametrize("path", ["", "/requests", "/record"])
def test_without_anything_to_show_they_say_so_in_every_language(staff, path):
    for language, nothing in (
        ("en", {"": "There was no run yet", "/requests": "Nobody was forgotten yet", "/record": "not configured"}),
        ("fr", {"": "Aucun passage", "/requests": "Personne n’a encore été oublié", "/record": "non configuré"}),
        ("es", {"": "Todavía no ha habido", "/requests": "Todavía no se ha olvidado", "/record": "no configurado"}),
    ):
        page = staff.get(f"/console/privacy{path}", headers={"Accept-Language": language})
        assert nothing[path] in shown(page), language


def test_a_shorter_period_is_saved_after_a_page_told_what_it_removes(staff, happens, database):
    old_lead(happens, 400, name="Maya <b>Lindqvist</b>")
    wanted = form_of(staff, qualified_leads="365")
    asked = staff.post("/console/privacy", wanted)
    assert "from 1095 to 365 days" in shown(asked)
    assert "1 Leads who were qualified" in shown(asked)
    assert "Maya &lt;b&gt;Lindqvist&lt;/b&gt;" in asked.text
    assert days_of(staff, database, "qualified_leads") == 1095
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', asked.text))
    saved = staff.post("/console/privacy", {name: hidden[name] for name in (*wanted, "confirmed")})
    assert "Saved. It counts from the next run on." in shown(saved)
    assert days_of(staff, database, "qualified_leads") == 365
    assert "1 Leads who were qualified" in shown(saved)


def test_a_longer_period_is_saved_at_once(staff, database):
    saved = staff.post("/console/privacy", form_of(staff, files="400"))
    assert "Saved." in shown(saved)
    assert days_of(staff, database, "files") == 400


@pytest.mark.parametrize("days", ["6", "3651", "", "x", "-7", "7.5", "9" * 30, "٣٠"])
def test_a_period_out_of_bounds_is_refused_and_what_was_typed_stays(staff, database, days):
    page = staff.post("/console/privacy", form_of(staff, files=days, letters="200"))
    assert page.status_code == 422
    assert "Files that leads sent: please enter a whole number from 7 to 3650." in shown(page)
    assert 'value="200"' in page.text
    assert days_of(staff, database, "letters") == 180


def test_the_last_runs_are_listed(staff, happens, database, work):
    old_lead(happens, 4000)
    happens(privacy.begin, now())
    assert 'class="tag"' in staff.get("/console/privacy").text
    privacy.begin_all(database, now())
    work("privacy.retain")
    answer = staff.get("/console/privacy")
    assert 'class="tag"' not in answer.text
    page = shown(answer)
    assert "Nothing is past its period." in page
    assert "1 Leads who were qualified" in page


def test_a_copy_is_asked_for_followed_and_fetched_on_the_person_s_page(staff, happens, work):
    lead_id = happens(rows.add_lead, name="Maya Lindqvist")
    page = staff.get(f"/console/leads/{lead_id}")
    assert "Export this person’s data" in shown(page)
    asked = staff.post(f"/console/leads/{lead_id}/export")
    assert "The copy is being made." in shown(asked)
    card = staff.get(f"/console/leads/{lead_id}/rights")
    assert 'hx-trigger="every 3s"' in card.text
    assert "<html" not in card.text
    work("privacy.export")
    card = staff.get(f"/console/leads/{lead_id}/rights")
    assert "The copy is ready." in shown(card)
    assert "hx-trigger" not in card.text
    saved = staff.get(re.search(r'href="([^"]*/export/download)"', card.text)[1])
    assert saved.content.startswith(b"PK")
    listed = shown(staff.get("/console/privacy/requests"))
    assert "Maya Lindqvist" in listed
    assert "asked for by Olivia Grant" in listed


def test_forgetting_says_what_it_means_and_wants_a_tick(staff, happens, work, database):
    lead_id = happens(rows.add_lead, name="Maya Lindqvist")
    page = staff.get(f"/console/leads/{lead_id}/forget")
    assert "Forget Maya Lindqvist?" in shown(page)
    assert "can’t be undone" in shown(page)
    refused = staff.post(f"/console/leads/{lead_id}/forget")
    assert (refused.status_code, "Please tick the box first." in shown(refused)) == (422, True)
    with database.transaction(staff.tenant_id) as connection:
        assert privacy.latest_erasure(connection, staff.tenant_id, lead_id) is None
    asked = staff.post(f"/console/leads/{lead_id}/forget", {"sure": "yes"})
    assert "This person is being forgotten." in shown(asked)
    work("privacy.erase")
    card = staff.get(f"/console/leads/{lead_id}/rights")
    assert "This person was forgotten." in shown(card)
    assert "Export" not in shown(card)
    certificate = staff.get(re.search(r'href="([^"]*/certificate)"', card.text)[1])
    assert certificate.json()["certificate"]["lead"] == str(lead_id)
    listed = staff.get("/console/privacy/requests")
    assert "Completed" in shown(listed)
    assert str(lead_id) in listed.text
    assert staff.get(f"/console/leads/{lead_id}/forget", allow_redirects=False).status_code == 303


def test_the_person_s_page_offers_neither_to_an_agent(make_staff, database):
    agent = make_staff("agent")
    agent.log_in()
    with database.transaction(agent.tenant_id) as connection:
        lead_id = rows.add_lead(connection, agent.tenant_id)
    assert "rights" not in staff_words(agent.get(f"/console/leads/{lead_id}"))
    for path in ("export", "forget"):
        assert agent.post(f"/console/leads/{lead_id}/{path}", {"sure": "yes"}).status_code == 403


def staff_words(page):
    return set(re.findall(r'id="(\w+)"', page.text))


def test_another_agency_s_person_is_nowhere(staff, make_staff, database):
    other = make_staff()
    with database.transaction(other.tenant_id) as connection:
        lead_id = rows.add_lead(connection, other.tenant_id, name="Maya Lindqvist")
        privacy.request_export(connection, other.tenant_id, lead_id, "platform", "correlation")
    for path in ("rights", "forget"):
        assert staff.get(f"/console/leads/{lead_id}/{path}").status_code == 404
    for path in ("export", "forget"):
        assert staff.post(f"/console/leads/{lead_id}/{path}", {"sure": "yes"}).status_code == 404
    assert str(lead_id) not in staff.get("/console/privacy/requests").text
