"""The audit's page: who, what, when and where in words, narrowed and paged; and who looked at a lead, on the lead's page."""

import pytest
from markezy.kernel import audit
from markezy.kernel.ids import new_id

from tests.markezy.console import rows


@pytest.fixture
def write(staff, database):
    def entries(count=1, **said):
        with database.transaction(staff.tenant_id) as connection:
            for _ in range(count):
                entry = {
                    "actor_kind": "staff",
                    "actor_id": str(new_id()),
                    "action": "flow.published",
                    "status": 200,
                } | said
                audit.write(connection, audit.Entry(staff.tenant_id, correlation_id="c", **entry))

    return entries


@pytest.fixture
def lead_id(staff, database):
    with database.transaction(staff.tenant_id) as connection:
        return rows.add_lead(connection, staff.tenant_id, name="Maya <b>Chen</b>")


def test_what_was_done_stands_there_in_words_with_its_lead(staff, lead_id):
    staff.get(f"/console/leads/{lead_id}")
    page = staff.get("/console/audit").text
    assert "Olivia Grant" in page
    assert "page opened, with the conversation" in page
    assert f'<a href="/console/leads/{lead_id}">Maya &lt;b&gt;Chen&lt;/b&gt;</a>' in page
    assert "From 127.0.0.0/24" in page
    assert "lead.opened</" not in page


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Flow published"), ("fr", "Parcours publié"), ("es", "Flujo publicado")]
)
def test_words_are_the_readers(staff, write, language, words):
    write(subject_kind="flow", subject_id="restaurant")
    page = staff.get("/console/audit", headers={"Accept-Language": language}).text
    assert f'<span class="deed">{words}</span>' in page
    assert "restaurant" in page


def test_refusals_show_as_such_and_can_be_looked_for(staff, write):
    write(status=403)
    write(action="flow.rolled_back")
    page = staff.get("/console/audit?outcome=refused").text
    assert "Attempt refused" in page
    assert '<span class="deed">Flow published' in page
    assert '<span class="deed">Flow set back' not in page


def test_days_include_the_last_one_and_the_file_is_of_the_same_choice(staff, write):
    write(subject_kind="flow", subject_id="today")
    today = audit.now().date().isoformat()
    page = staff.get(f"/console/audit?since={today}&until={today}&action=flow.published").text
    assert "today" in page
    link = page.partition('href="/api/v1/audit/export?')[2].partition('"')[0].replace("&amp;", "&")
    file = staff.get(f"/api/v1/audit/export?{link}")
    assert file.status_code == 200
    assert "today" in file.text
    assert file.text.count("\n") == 2


def test_pages_keep_the_choice(staff, write):
    write(51)
    first = staff.get("/console/audit?action=flow.published").text
    assert first.count('<span class="deed">') == 50
    older = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert staff.get(older).text.count('<span class="deed">') == 1


@pytest.mark.parametrize(
    "query", ["since=soon", "until=9999-12-31", "lead=maya", "outcome=perhaps", "actor=x", "action=%3Cb%3E"]
)
def test_odd_addresses_show_a_page(staff, query):
    assert staff.get(f"/console/audit?{query}").status_code == 200


def test_nothing_found_says_so_and_leads_back(staff):
    page = staff.get("/console/audit?since=2050-01-01").text
    assert "No entry matches." in page
    assert 'href="/console/audit">Show everything' in page


def test_a_lead_shows_who_was_there_before_to_managers_only(staff, make_staff, lead_id):
    assert "Nobody has looked at this lead before you." in staff.get(f"/console/leads/{lead_id}").text
    again = staff.get(f"/console/leads/{lead_id}").text
    onlookers = again.partition('id="onlookers"')[2]
    assert "Olivia Grant" in onlookers
    assert f"/console/audit?lead={lead_id}" in onlookers
    agent = make_staff("agent", staff.tenant_id)
    agent.log_in()
    assert 'id="onlookers"' not in agent.get(f"/console/leads/{lead_id}").text


def test_another_agency_s_lead_is_none_here(staff, make_staff, lead_id):
    stranger = make_staff()
    stranger.log_in()
    page = stranger.get(f"/console/audit?lead={lead_id}").text
    assert "A lead that is not there" in page
    assert "Maya" not in page
