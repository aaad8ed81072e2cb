"""A lead's consents on their page."""

import pytest
from markezy.consents import api as consents
from markezy.kernel.events import NewEvent, append
from markezy.kernel.projection import Projector

from tests.markezy.console import rows
from tests.markezy.settling import project_all


@pytest.fixture
def settle(database, relay_database):
    def run():
        project_all(Projector(relay_database, database, {consents.PROJECTION_NAME: consents.project}), relay_database)

    return run


@pytest.fixture
def lead_id(staff, database, settle):
    """A lead who agreed to be written to."""
    with database.transaction(staff.tenant_id) as connection:
        lead_id = rows.add_lead(connection, staff.tenant_id, name="Maya Lindqvist")
        conversation_id = rows.conversation_of(connection, lead_id)
        words = {"en": "May <we> write to you?", "fr": "?"}
        version_id = rows.add_flow_version(connection, staff.tenant_id)
        consents.register(connection, staff.tenant_id, version_id, {"consent": ("contact", words)}, None)
        data = {
            "question": "consent", "purpose": "contact", "given": True, "locale": "en", "channel": "widget",
            "lead_id": str(lead_id), "flow_version_id": str(version_id),
        }  # fmt: skip
        said = NewEvent("qualification.consent_recorded", data, "visitor")
        append(connection, staff.tenant_id, "conversation", conversation_id, None, [said], "correlation-1")
    settle()
    return lead_id


def test_the_page_shows_what_was_agreed_to_in_which_words(staff, lead_id):
    page = staff.get(f"/console/leads/{lead_id}").text
    assert "<strong>Contact, CRM and e-mail</strong>: given" in page
    assert "May &lt;we&gt; write to you?" in page
    assert "Words asked (version 1)" in page


def test_a_consent_can_be_taken_back_once(staff, lead_id, settle):
    path = f"/console/leads/{lead_id}"
    for _ in range(2):
        answer = staff.post(f"{path}/consents/withdraw", {"purpose": "contact"}, allow_redirects=False)
        assert answer.status_code == 303
        settle()
    page = staff.get(path).text
    assert page.count("taken back") == 1
    assert "Take back</button>" not in page


def test_what_was_never_agreed_to_can_not_be_taken_back(staff, lead_id, settle):
    staff.post(f"/console/leads/{lead_id}/consents/withdraw", {"purpose": "newsletter"})
    settle()
    assert "taken back" not in staff.get(f"/console/leads/{lead_id}").text


def test_who_only_reads_sees_no_button(make_staff, staff, lead_id):
    reader = make_staff("read_only", staff.tenant_id)
    reader.log_in()
    assert "Take back</button>" not in reader.get(f"/console/leads/{lead_id}").text
    assert reader.post(f"/console/leads/{lead_id}/consents/withdraw", {"purpose": "contact"}).status_code == 403


def test_a_lead_who_was_not_asked_has_none(staff, database):
    with database.transaction(staff.tenant_id) as connection:
        lead_id = rows.add_lead(connection, staff.tenant_id)
    assert "not asked for consent yet" in staff.get(f"/console/leads/{lead_id}").text
