"""Files that leads sent, as staff fetch them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest
import requests
from markezy.kernel import personal
from markezy.kernel.db import Database
from markezy.kernel.ids import new_id
from markezy.kernel.settings import Settings
from sqlalchemy import text

from tests.markezy.leads.conversations import Conversation, ReadModel, staff_token

PDF = b"%PDF-1.7\n\x00\xff binary"
PREPARE = (
    "INSERT INTO flow (tenant_id, id, slug, name) VALUES (:tenant, :flow, 'main', 'Main')",
    "INSERT INTO flow_version (tenant_id, id, flow_id, number, definition) VALUES (:tenant, :version, :flow, 1, '{}')",
    "INSERT INTO conversation (tenant_id, id, lead_id, channel, locale, flow_version_id, version)"
    " VALUES (:tenant, :conversation, :lead, 'widget', 'fr', :version, 1)",
)


@pytest.fixture
def lead(conversation: Conversation, database: Database, read_model: ReadModel) -> Conversation:
    """A lead whose conversation may hold files, in the read model."""
    ids = {
        "tenant": conversation.tenant_id, "flow": new_id(), "version": conversation.flow_version_id,
        "conversation": conversation.id, "lead": conversation.lead_id,
    }  # fmt: skip
    with database.transaction(conversation.tenant_id) as connection:
        for statement in PREPARE:
            connection.execute(text(statement), ids)
    read_model.catch_up()
    return conversation


@pytest.fixture
def sent(lead: Conversation, database: Database) -> Callable[..., UUID]:
    """The id of a file that the lead has sent."""

    def keep(name: str = "brief.pdf", media_type: str = "application/pdf", body: bytes = PDF) -> UUID:
        file_id = new_id()
        with database.transaction(lead.tenant_id) as connection:
            keys = personal.for_writing(connection, lead.tenant_id, [lead.lead_id])[lead.lead_id]
            connection.execute(
                text(
                    "INSERT INTO upload (tenant_id, id, conversation_id, question, name, media_type, size, body)"
                    " VALUES (:tenant, :id, :conversation, 'brief', :name, :media_type, :size, :body)"
                ),
                {
                    "tenant": lead.tenant_id, "id": file_id, "conversation": lead.id, "media_type": media_type,
                    "name": personal.seal(keys, {"name": name, "sha256": ""}, "upload.name", lead.tenant_id, file_id),
                    "size": len(body),
                    "body": keys.seal(body, personal.context("upload.body", lead.tenant_id, file_id)),
                },
            )  # fmt: skip
        return file_id

    return keep


def test_a_file_comes_back_as_it_was_sent_and_is_only_saved(lead: Conversation, sent: Any, get: Any) -> None:
    answer = get(f"/{lead.lead_id}/files/{sent()}")
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize("name", ['Größe "final" 100%.csv', "a;b\\c.csv", "年度计划.csv", "x\u202egpj.csv"])
def test_any_name_stays_within_its_header(lead: Conversation, sent: Any, get: Any, name: str) -> None:
    answer = get(f"/{lead.lead_id}/files/{sent(name=name, media_type='text/csv', body=b'a;b')}")
    kind, _, named = answer.headers["content-disposition"].partition("; ")
    assert (kind, unquote(named.removeprefix("filename*=UTF-8''"))) == ("attachment", name)
    assert named.isascii()
    assert not set(named.removeprefix("filename*=UTF-8''")) & set(" \"';\\")


def test_a_file_is_found_with_its_own_lead_only(
    lead: Conversation, sent: Any, get: Any, database: Database, read_model: ReadModel, make_tenant: Any
) -> None:
    file_id = sent()
    other = Conversation(database, lead.tenant_id).start()
    read_model.catch_up()
    assert get(f"/{other.lead_id}/files/{file_id}").status_code == 404
    assert get(f"/{lead.lead_id}/files/{new_id()}").status_code == 404
    assert get(f"/{lead.lead_id}/files/brief.pdf").status_code == 404
    assert get(f"/{lead.lead_id}/files/{file_id}", tenant=make_tenant()).status_code == 404


@pytest.mark.parametrize(("role", "status"), [("analyst", 200), ("read_only", 200), ("visitor", 403)])
def test_who_may_read_leads_may_fetch_their_files(
    lead: Conversation, sent: Any, web_url: str, settings: Settings, role: str, status: int
) -> None:
    url = f"{web_url}/api/v1/leads/{lead.lead_id}/files/{sent()}"
    token = staff_token(settings, lead.tenant_id, role)
    assert requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=20).status_code == status
    assert requests.get(url, timeout=20).status_code == 401
