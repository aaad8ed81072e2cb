"""A person asks for a copy of what is kept of them: all of it is in there, for as long as it is to be, and nobody else's."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pytest
import requests
from markezy.kernel.db import Database
from markezy.kernel.errors import Conflict
from markezy.kernel.settings import ROOT, Settings
from markezy.privacy import api, contents
from pypdf import PdfReader
from sqlalchemy import text

from tests.markezy.leads.conversations import CONTACT, Conversation, ReadModel, staff_token
from tests.markezy.privacy.conftest import FILE, build_full_lead

Work = Callable[[UUID, str], int]

NAMING_A_LEAD = ("lead_id", "conversation_id", "strategy_id", "stream_id")
OF_A_LEAD = """
    SELECT DISTINCT table_name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name = ANY(:names)
"""


def ask(database: Database, lead: Conversation) -> api.LeadExport:
    with database.transaction(lead.tenant_id) as connection:
        return api.request_export(connection, lead.tenant_id, lead.lead_id, "staff:x", "correlation-1")


@pytest.fixture
def archive(database: Database, full_lead: Conversation, work: Work) -> ZipFile:
    ask(database, full_lead)
    assert work(full_lead.tenant_id, "privacy.export") == 1
    with database.transaction(full_lead.tenant_id) as connection:
        return ZipFile(BytesIO(api.archive_of(connection, full_lead.tenant_id, full_lead.lead_id)))


def test_every_table_that_has_rows_of_a_lead_is_decided_on(database: Database) -> None:
    with database.unscoped() as connection:
        found = set(connection.execute(text(OF_A_LEAD), {"names": list(NAMING_A_LEAD)}).scalars())
    found = (found | {"lead", "conversation"}) - {"experiment_variant"}
    assert found == set(contents.KEPT_IN) | set(contents.LEFT_OUT)


def test_every_one_of_these_tables_is_in_the_copy(
    database: Database, full_lead: Conversation, archive: ZipFile
) -> None:
    members = json.loads(archive.read("data.json"))
    with database.transaction(full_lead.tenant_id) as connection:
        for table, member in contents.KEPT_IN.items():
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one(), table
            assert members[member], (table, member)
    told = json.dumps(members, ensure_ascii=False)
    for words in (
        *CONTACT.values(),
        "Plus de ventes pour mon salon",
        "Rappelez-moi",
        "Plan pour Chez Zoë",
        "4821",
        "I am Ravi",
    ):
        assert words in told, words
    assert [one["what"] for one in members["answer_history"]] == [
        "qualification.answer_recorded", "qualification.answer_changed",
    ]  # fmt: skip


def test_files_and_documents_come_along_under_harmless_names(archive: ZipFile) -> None:
    names = set(archive.namelist())
    assert names == {
        "data.json", "data.pdf", "strategies/1-Plan pour Chez Zoë.pdf", "strategies/1-briefing.pdf", "files/1-brief .._.._x.pdf",
    }  # fmt: skip
    assert archive.read("files/1-brief .._.._x.pdf") == FILE
    members = json.loads(archive.read("data.json"))
    assert {members["files"][0]["in_archive"], members["strategies"][0]["in_archive"]} < names


def test_the_readable_copy_speaks_the_lead_s_language(archive: ZipFile) -> None:
    reader = PdfReader(BytesIO(archive.read("data.pdf")))
    told = " ".join(page.extract_text() for page in reader.pages)
    told = " ".join(told.replace("\xa0", " ").split())
    assert "Vos données personnelles" in told
    for words in ("Zoë Martín", "zoe@example.com", "Plus de ventes pour mon salon", "Rappelez-moi", "HubSpot EU"):
        assert words in told, words


def test_the_guide_names_every_member_of_the_copy(archive: ZipFile) -> None:
    guide = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    named = {line.split("`")[1] for line in guide.splitlines() if line.startswith("| `")}
    assert set(json.loads(archive.read("data.json"))) <= named


def test_asked_for_again_while_it_is_made_it_is_the_same_one(
    database: Database, full_lead: Conversation, work: Work
) -> None:
    first = ask(database, full_lead)
    assert ask(database, full_lead) == first
    assert work(full_lead.tenant_id, "privacy.export") == 1
    again = ask(database, full_lead)
    assert (again.state, again.id == first.id) == ("waiting", False)
    with database.transaction(full_lead.tenant_id) as connection:
        bodies = connection.execute(text("SELECT count(*) FROM lead_export WHERE body IS NOT NULL")).scalar_one()
    assert bodies == 0


def test_a_try_that_failed_for_good_does_not_stand_in_the_way(database: Database, full_lead: Conversation) -> None:
    first = ask(database, full_lead)
    with database.transaction(full_lead.tenant_id) as connection:
        connection.execute(text("UPDATE lead_export SET requested_at = now() - interval '2 days'"))
    assert ask(database, full_lead).id != first.id


def test_two_tries_at_once_keep_one(database: Database, full_lead: Conversation, work: Work) -> None:
    ask(database, full_lead)
    work(full_lead.tenant_id, "privacy.export")
    with database.transaction(full_lead.tenant_id) as connection:
        before = api.archive_of(connection, full_lead.tenant_id, full_lead.lead_id)
        connection.execute(text("UPDATE outbox SET completed_at = NULL WHERE task = 'privacy.export'"))
    work(full_lead.tenant_id, "privacy.export")
    with database.transaction(full_lead.tenant_id) as connection:
        assert api.archive_of(connection, full_lead.tenant_id, full_lead.lead_id) == before


def test_it_lies_sealed_under_the_lead_s_key(database: Database, full_lead: Conversation, archive: ZipFile) -> None:
    with database.transaction(full_lead.tenant_id) as connection:
        box: bytes = connection.execute(text("SELECT body FROM lead_export")).scalar_one()
    assert not box.startswith(b"PK")
    assert b"data.json" not in box


def test_forgetting_the_lead_removes_it_and_ends_what_is_under_way(
    database: Database, full_lead: Conversation, archive: ZipFile, work: Work
) -> None:
    ask(database, full_lead)
    tenant_id, lead_id = full_lead.tenant_id, full_lead.lead_id
    with database.transaction(tenant_id) as connection:
        api.request_erasure(connection, tenant_id, lead_id, "platform", api.Reason.RETENTION, "correlation-1")
    work(tenant_id, "privacy.erase")
    work(tenant_id, "privacy.export")
    with database.transaction(tenant_id) as connection:
        assert api.export_of(connection, tenant_id, lead_id).state == "failed"
        assert connection.execute(text("SELECT count(*) FROM lead_export WHERE body IS NOT NULL")).scalar_one() == 0
        with pytest.raises(Conflict):
            api.archive_of(connection, tenant_id, lead_id)
        with pytest.raises(Conflict):
            api.request_export(connection, tenant_id, lead_id, "staff:x", "correlation-1")


def test_past_its_period_it_is_gone_before_the_daily_run_comes_by(
    database: Database, full_lead: Conversation, archive: ZipFile
) -> None:
    with database.transaction(full_lead.tenant_id) as connection:
        connection.execute(text("UPDATE lead_export SET ready_at = now() - interval '8 days'"))
        assert api.export_of(connection, full_lead.tenant_id, full_lead.lead_id).state == "expired"
        with pytest.raises(Conflict):
            api.archive_of(connection, full_lead.tenant_id, full_lead.lead_id)


@pytest.mark.parametrize(
    ("role", "status"), [("owner", 202), ("admin", 202), ("agent", 403), ("analyst", 403), ("read_only", 403)]
)
def test_managers_may_ask_for_it_and_save_it(
    full_lead: Conversation, settings: Settings, web_url: str, work: Work, role: str, status: int
) -> None:
    headers = {"Authorization": f"Bearer {staff_token(settings, full_lead.tenant_id, role)}"}
    url = f"{web_url}/api/v1/leads/{full_lead.lead_id}/export"
    answer = requests.post(url, headers=headers, timeout=10)
    assert answer.status_code == status
    if status != 202:
        assert requests.get(f"{url}/download", headers=headers, timeout=10).status_code == 403
        return
    assert answer.json()["state"] == "waiting"
    assert requests.get(f"{url}/download", headers=headers, timeout=10).status_code == 409
    work(full_lead.tenant_id, "privacy.export")
    told = requests.get(url, headers=headers, timeout=10).json()
    assert (told["state"], bool(told["expires_at"])) == ("ready", True)
    saved = requests.get(f"{url}/download", headers=headers, timeout=10)
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in saved.headers["Cache-Control"]
    assert "data.pdf" in ZipFile(BytesIO(saved.content)).namelist()


def test_another_agency_gets_nothing_of_it(
    full_lead: Conversation, archive: ZipFile, settings: Settings, web_url: str, make_tenant: Callable[[], UUID]
) -> None:
    headers = {"Authorization": f"Bearer {staff_token(settings, make_tenant(), 'owner')}"}
    url = f"{web_url}/api/v1/leads/{full_lead.lead_id}/export"
    assert requests.post(url, headers=headers, timeout=10).status_code == 404
    assert requests.get(url, headers=headers, timeout=10).status_code == 404
    assert requests.get(f"{url}/download", headers=headers, timeout=10).status_code == 404


def test_two_leads_of_one_agency_do_not_meet_in_it(
    database: Database, full_lead: Conversation, read_model: ReadModel, work: Work
) -> None:
    other = build_full_lead(database, full_lead.tenant_id, read_model)
    ask(database, other)
    work(full_lead.tenant_id, "privacy.export")
    with database.transaction(full_lead.tenant_id) as connection:
        zipped = ZipFile(BytesIO(api.archive_of(connection, full_lead.tenant_id, other.lead_id)))
    told = zipped.read("data.json").decode()
    assert str(other.lead_id) in told
    assert str(full_lead.lead_id) not in told
    assert str(full_lead.id) not in told


def test_every_language_has_the_same_words() -> None:
    def keys(locale: str) -> dict[str, set[str]]:
        said = api.words(locale)
        parts = ("classes", "question_types", "names", "export", "record")
        return {part: set(getattr(said, part)) for part in parts}

    folder = Path(contents.__file__).parent / "words"
    assert api.languages() == ("en", "es", "fr") == tuple(sorted(one.stem for one in folder.glob("*.yml")))
    assert keys("en") == keys("fr") == keys("es")
    assert api.words("de-AT") is api.words("en")
