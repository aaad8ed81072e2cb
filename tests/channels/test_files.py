"""Files a visitor sends as answers."""

import io
import socket
import uuid
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

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
    (row,) = log.rows("SELECT tenant_id, conversation_id, body FROM upload WHERE id = %s", told["id"])
    tenant_id = str(row["tenant_id"])
    keys = log.keys(tenant_id, str(row["conversation_id"]))
    assert keys.open(bytes(row["body"]), f"upload.body/{tenant_id}/{told['id']}") == body


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


def test_a_conversation_holds_so_many_bytes(upload: Any, log: Any, visitor: Any) -> None:
    first = upload().json()
    log.run("UPDATE upload SET size = %s WHERE id = %s", 50 * 2**20 - len(PNG), first["id"])
    answer = upload(PNG + b"!", "image/png")
    assert answer.status_code == 413
    assert "50 MB" in answer.json()["detail"]
    assert upload(PNG, "image/png").status_code == 201


def test_the_largest_file_is_taken_whole(upload: Any, log: Any) -> None:
    body = b"x" * (10 * 2**20)
    answer = upload(body, "text/plain")
    assert answer.status_code == 201, answer.text
    (row,) = log.rows("SELECT octet_length(body) AS n, size FROM upload WHERE id = %s", answer.json()["id"])
    assert row["size"] == len(body) < row["n"]


def test_a_larger_one_is_refused_before_it_has_arrived(http: Any, visitor: Any, log: Any) -> None:
    """The server answers what it has to say without waiting for the rest, whether or not the size was declared."""
    address, before = urlsplit(str(http.base_url)), log.count("upload")
    path = f"{visitor.path}/files?question=brief&name=a.txt"
    head = f"POST {path} HTTP/1.1\r\nHost: bot\r\nAuthorization: Bearer {visitor.token}\r\nContent-Type: text/plain\r\n"
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    for begun in (b"Content-Length: 20000000\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 161):
        with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
            connection.sendall(head.encode() + begun)
            assert connection.recv(1000).startswith(b"HTTP/1.1 413 ")
    assert log.count("upload") == before


def test_one_conversation_sends_so_many_files_at_once(http: Any, visitor: Any, upload: Any) -> None:
    address = urlsplit(str(http.base_url))
    head = (
        f"POST {visitor.path}/files?question=brief&name=a.txt HTTP/1.1\r\nHost: bot\r\nExpect: 100-continue\r\n"
        f"Authorization: Bearer {visitor.token}\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\n"
    ).encode()
    with ExitStack() as open_connections:
        slow = []
        for _ in range(3):
            connection = open_connections.enter_context(socket.create_connection((address.hostname, address.port), 20))
            connection.sendall(head)
            # The server asks for the body once its handler wants to read it.
            assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
            slow.append(connection)
        refused = upload()
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
        for connection in slow:
            connection.sendall(b"123456789")
            assert connection.recv(1000).startswith(b"HTTP/1.1 201 ")
    assert upload().status_code == 201


def test_the_same_file_twice_at_once_is_kept_once(upload: Any, log: Any) -> None:
    before = log.count("upload")
    with ThreadPoolExecutor(3) as threads:
        answers = [answer.result(30).json() for answer in [threads.submit(upload) for _ in range(3)]]
    assert answers[0] == answers[1] == answers[2]
    assert log.count("upload") == before + 1


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\Users\\zoe\\plan.pdf", "plan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\nb\u202ec\0d.pdf", "abcd.pdf"),
        (" .plan.pdf. ", "plan.pdf"),
        ("Größe – 年度.pdf", "Größe – 年度.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("x" * 300, "x" * 120),
    ],
)
def test_a_name_is_kept_without_its_path_and_what_would_not_be_seen(upload: Any, sent: str, kept: str) -> None:
    assert upload(name=sent).json()["name"] == kept


def test_an_answer_tells_the_assistant_what_is_known_of_the_file(bot: Any, upload: Any, visitor: Any) -> None:
    file_id = upload().json()["id"]
    answer = visitor.post(answer_with(file_id))
    assert answer.status_code == 200, answer.text
    told = {each["entity"]: each["value"] for each in bot.actions.calls[-1]["tracker"]["latest_message"]["entities"]}
    assert told["value"] == {"file": file_id, "name": "brief.pdf", "size": len(PDF), "media_type": "application/pdf"}
    said = [entry["text"] for entry in visitor.transcript()["messages"] if entry["from"] == "visitor"]
    assert said == ["brief.pdf"]


def test_a_file_whose_answer_was_left_behind_is_told_by_the_redrive(
    bot: Any, upload: Any, visitor: Any, http: Any, tenant: Any, service_headers: Any
) -> None:
    message = answer_with(upload().json()["id"])
    bot.actions.failing = True
    assert visitor.post(message).status_code == 503
    bot.actions.failing = False
    body = {"channel": "widget", "message_id": message["id"]}
    answer = http.post("/webhooks/news/redrive", json=body, headers=service_headers(tenant))
    assert answer.status_code == 200, answer.text
    told = {each["entity"]: each["value"] for each in bot.actions.calls[-1]["tracker"]["latest_message"]["entities"]}
    assert told["value"]["name"] == "brief.pdf"
    assert visitor.post(message).json() == answer.json()


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
