"""The list of leads as staff see it."""

import re

import pytest

from tests.markezy.console.rows import STARTED, add_lead, days_ago


@pytest.fixture
def add(staff, database):
    """Add a lead to the logged-in user's agency."""

    def add_one(**wanted):
        with database.transaction(staff.tenant_id) as connection:
            return add_lead(connection, staff.tenant_id, **wanted)

    return add_one


def rows(page: str) -> list[str]:
    return re.findall(r'<a id="lead-[^"]*"[^>]*>([^<]*)</a>', page)


def test_without_leads_the_page_says_how_to_get_the_first(staff, settings):
    page = staff.get("/console/leads").text
    assert "Get your first lead" in page
    assert f"{settings.bot_url}/webhooks/widget/widget.js" in page
    assert f"data-widget-key=&#34;wk_{staff.tenant_id}&#34;" in page


def test_lead_is_shown_with_what_staff_need_at_a_glance(staff, add):
    add(
        name="Maya Lindqvist", company="Northfold", email="maya@northfold.example", score=82, state="qualified",
        last_message_at=days_ago(3), wants_person=True, person="waiting",
    )  # fmt: skip
    page = staff.get("/console/leads").text
    for expected in (
        "Maya Lindqvist",
        "Northfold · maya@northfold.example",
        ">Qualified<",
        "82",
        "3 d ago",
        "talk to a person",
    ):
        assert expected in page


def test_unnamed_lead_is_listed_too(staff, add):
    add()
    assert rows(staff.get("/console/leads").text) == ["Unnamed visitor"]


def test_markup_in_a_leads_words_is_shown_not_obeyed(staff, add):
    add(name="<script>alert(1)</script>", company='"><img src=x onerror=alert(1)>')
    page = staff.get("/console/leads").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_chips_count_and_filter_by_state(staff, add):
    add(name="Ann", state="qualified")
    add(name="Ben", state="qualified")
    add(name="Cleo", state="nurture")
    page = staff.get("/console/leads?state=qualified").text
    assert sorted(rows(page)) == ["Ann", "Ben"]
    counts = dict(re.findall(r'id="chip-(\w+)".*?class="count">(\d+)<', page, re.S))
    assert {name: counts[name] for name in ("all", "qualified", "nurture", "new")} == {
        "all": "3", "qualified": "2", "nurture": "1", "new": "0",
    }  # fmt: skip
    assert re.search(r'id="chip-qualified"[^>]*aria-current="true"', page)


@pytest.mark.parametrize("words", ["lindq", "NORTHFOLD", "maya@north", "  maya  "])
def test_search_finds_name_company_and_address(staff, add, words):
    add(name="Maya Lindqvist", company="Northfold", email="maya@northfold.example")
    add(name="Tom Okafor", company="Brightledger", email="tom@brightledger.example")
    assert rows(staff.get("/console/leads", params={"q": words}).text) == ["Maya Lindqvist"]


@pytest.mark.parametrize("words", ["100%", "_", "\\", "'", '"><b>', "\0", "a" * 5000, "🔑"])
def test_odd_searches_find_nothing_and_break_nothing(staff, add, words):
    add(name="Maya")
    answer = staff.get("/console/leads", params={"q": words})
    assert answer.status_code == 200
    assert "<b>" not in answer.text


def test_search_without_a_match_offers_the_way_back(staff, add):
    add(name="Maya")
    page = staff.get("/console/leads?q=zzz").text
    assert "No lead matches" in page
    assert "Get your first lead" not in page


def test_pages_hold_every_lead_once_newest_first_and_keep_the_filter(staff, add):
    for number in range(60):
        add(name=f"Lead {number:02}", state="qualified", started_at=STARTED.replace(minute=number))
    add(name="Other", state="new")
    path, seen = "/console/leads?state=qualified", []
    while path:
        page = staff.get(path).text
        seen += rows(page)
        following = re.search(r'rel="next" href="([^"]*)"', page)
        path = following and following[1].replace("&amp;", "&")
    assert seen == [f"Lead {number:02}" for number in reversed(range(60))]


@pytest.mark.parametrize("query", [{"cursor": "made-up"}, {"state": "made-up"}])
def test_made_up_filters_are_explained(staff, add, query):
    add()
    answer = staff.get("/console/leads", params=query)
    assert answer.status_code in (400, 422)
    assert "This address does not work" in answer.text


def test_htmx_gets_the_changing_part_only(staff, add):
    add(name="Maya")
    fragment = staff.get("/console/leads?q=may", headers={"HX-Request": "true"}).text
    assert fragment.lstrip().startswith('<div id="leads" hx-get="/console/leads?q=may"')
    assert "<html" not in fragment
    assert rows(fragment) == ["Maya"]


def test_foreign_leads_are_neither_listed_nor_counted(staff, make_staff, database):
    other = make_staff()
    with database.transaction(other.tenant_id) as connection:
        add_lead(connection, other.tenant_id, name="Foreign")
    page = staff.get("/console/leads").text
    assert "Foreign" not in page
    assert "Get your first lead" in page


def test_who_has_been_served_is_not_marked_any_more(staff, add):
    add(name="Tom", wants_person=True, person="talking")
    assert "Wants to talk to a person" not in staff.get("/console/leads").text
