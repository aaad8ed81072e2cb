"""Files a visitor sends as answers."""

import io
import uuid
import zipfile
from typing import Any

import pytest

PDF = b"%PDF-1.7\n" + b"0" * 500
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100


def office(folder: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{folder}document.xml", "<w/>")
    return held.getvalue()


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def upload(http: Any, visitor: Any) -> Any:
    def post(body: bytes = PDF, media_type: str = "application/pdf", **query: str) -> Any:
        return http.post(
            f"/webhooks/widget/conversations/{visitor.conversation_id}/files",
            params={"question": "brief", "name": "brief.pdf", **query},
            content=body,
            headers={"Authorization": f"Bearer {visitor.token}", "Content-Type": media_type},
        )

    return post


def answer_with(file_id: str) -> dict[str, str]:
    payload = '/answer{"question":"brief","value":{"file":"' + file_id + '"}}'
    return {"id": str(uuid.uuid4()), "payload": payload}


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (PDF, "application/pdf"),
        (PNG, "image/png"),
        (office("word/"), DOCX),
        ("Größe;Preis\n1;2\n".encode(), "text/csv; charset=utf-8"),
    ],
)
def test_a_file_is_kept_and_named(upload: Any, log: Any, body: bytes, media_type: str) -> None:
    answer = upload(body, media_type, name="../../Our plan.pdf")
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["name"], told["size"], told["media_type"]) == (
        "Our plan.pdf",
        len(body),
        media_type.split(";", maxsplit=1)[0],
    )
    (row,) = log.rows("SELECT body FROM upload WHERE id = %s", told["id"])
    assert bytes(row["body"]) == body


def test_the_same_file_again_is_the_same(upload: Any, log: Any) -> None:
    before = log.count("upload")
    assert upload().json() == upload().json()
    assert log.count("upload") == before + 1


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"", "application/pdf", 422),
        (PNG, "application/pdf", 415),
        (b"MZ\x90\x00", "application/x-msdownload", 415),
        (b"<script>", "text/html", 415),
        (b"PK\x03\x04nothing", DOCX, 415),
        (office("xl/"), DOCX, 415),
        (b"text\x00more", "text/plain", 415),
        (b"x" * (10 * 1024 * 1024 + 1), "text/plain", 413),
    ],
)
def test_what_is_no_such_file_is_refused(upload: Any, log: Any, body: bytes, media_type: str, status: int) -> None:
    before = log.count("upload")
    answer = upload(body, media_type)
    assert answer.status_code == status
    assert answer.json()["detail"]
    assert log.count("upload") == before


@pytest.mark.parametrize("query", [{"question": ""}, {"question": "Brief!"}, {"name": ""}, {"name": "///"}])
def test_a_file_without_question_or_name_is_refused(upload: Any, query: dict[str, str]) -> None:
    assert upload(**query).status_code == 422


def test_a_conversation_holds_so_many_files(upload: Any) -> None:
    for number in range(20):
        assert upload(PDF + bytes([number])).status_code == 201
    answer = upload(PDF + b"one more")
    assert answer.status_code == 413
    assert "20 files" in answer.json()["detail"]
    assert upload(PDF + bytes([3])).status_code == 201


def test_an_answer_tells_the_assistant_what_is_known_of_the_file(bot: Any, upload: Any, visitor: Any) -> None:
    file_id = upload().json()["id"]
    answer = visitor.post(answer_with(file_id))
    assert answer.status_code == 200, answer.text
    told = {each["entity"]: each["value"] for each in bot.actions.calls[-1]["tracker"]["latest_message"]["entities"]}
    assert told["value"] == {"file": file_id, "name": "brief.pdf", "size": len(PDF), "media_type": "application/pdf"}


def test_somebody_elses_file_is_no_answer(upload: Any, arrive: Any, tenant: Any, log: Any) -> None:
    file_id = upload().json()["id"]
    stranger = arrive(tenant)
    before = (log.count("inbox"), log.count("event"))
    assert stranger.post(answer_with(file_id)).status_code == 404
    assert stranger.post(answer_with(str(uuid.uuid4()))).status_code == 404
    assert (log.count("inbox"), log.count("event")) == before


@pytest.mark.parametrize(
    "value", ['{"file":"1"}', '{"file":7}', '{"name":"x"}', f'{{"file":"{uuid.uuid4()}","name":"x"}}']
)
def test_a_file_is_sent_by_its_id_alone(visitor: Any, value: str) -> None:
    body = {"id": str(uuid.uuid4()), "payload": '/answer{"question":"brief","value":' + value + "}"}
    assert visitor.post(body).status_code == 422


def test_only_the_visitor_may_send_a_file(http: Any, visitor: Any) -> None:
    url = f"/webhooks/widget/conversations/{visitor.conversation_id}/files?question=brief&name=a.pdf"
    assert http.post(url, content=PDF, headers={"Content-Type": "application/pdf"}).status_code == 401
