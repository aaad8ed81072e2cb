"""Preflights, the script, the operators' doors, and what the log must not hold."""

import gzip
import logging
from pathlib import Path
from typing import Any

import pytest

from channels.widget import bundle


@pytest.mark.parametrize(
    "path",
    [
        "/conversations",
        "/conversations/some-id/messages",
        "/conversations/some-id/events",
        "/conversations/some-id/files",
        "/resume",
    ],
)
def test_any_website_may_ask_first(http: Any, path: str) -> None:
    response = http.options(
        f"/webhooks/widget{path}",
        headers={
            "Origin": "https://agency.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )
    assert response.status_code in (200, 204)
    assert response.headers.get_list("access-control-allow-origin") == ["*"]
    allowed = {name.strip().lower() for name in response.headers["access-control-allow-headers"].split(",")}
    assert allowed >= {"authorization", "content-type", "idempotency-key", "last-event-id", "x-correlation-id"}
    assert "POST" in response.headers["access-control-allow-methods"]
    assert int(response.headers["access-control-max-age"]) >= 600
    assert "access-control-allow-credentials" not in response.headers


def test_answers_and_problems_are_readable_from_any_website_and_set_no_cookie(visitor: Any) -> None:
    origin = {"Origin": "https://agency.example"}
    for response in (
        visitor.http.get(f"{visitor.path}/messages", headers={**visitor.headers, **origin}),
        visitor.http.get(f"{visitor.path}/messages", headers=origin),
        visitor.http.post("/webhooks/widget/conversations", content=b"{", headers=origin),
    ):
        assert response.headers.get_list("access-control-allow-origin") == ["*"]
        assert "access-control-allow-credentials" not in response.headers
        assert "set-cookie" not in response.headers


def test_the_news_door_is_not_open_to_websites(http: Any) -> None:
    response = http.post("/webhooks/news/redrive", content=b"{}", headers={"Origin": "https://agency.example"})
    assert "access-control-allow-origin" not in response.headers


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "widget.js"
    path.write_text("/* widget */" * 200)
    monkeypatch.setattr(bundle, "BUNDLE", path)
    return path


def test_the_script_is_sent_packed_and_remembered(http: Any, script: Path) -> None:
    with http.stream("GET", "/webhooks/widget/widget.js", headers={"Accept-Encoding": "br, gzip"}) as response:
        packed = b"".join(response.iter_raw())
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["content-type"].startswith("text/javascript")
    assert "max-age" in response.headers["cache-control"]
    assert response.headers["vary"] == "Accept-Encoding"
    assert gzip.decompress(packed) == script.read_bytes()

    known = {"If-None-Match": response.headers["etag"]}
    assert http.get("/webhooks/widget/widget.js", headers=known).status_code == 304
    script.write_text("/* a new build */")
    assert http.get("/webhooks/widget/widget.js", headers=known).text == "/* a new build */"


@pytest.mark.parametrize("accepted", ["identity", "gzip;q=0", "br"])
def test_the_script_is_sent_plain_where_gzip_is_not_taken(http: Any, script: Path, accepted: str) -> None:
    response = http.get("/webhooks/widget/widget.js", headers={"Accept-Encoding": accepted})
    assert "content-encoding" not in response.headers
    assert response.text == script.read_text()


def test_a_script_that_was_not_built_is_told(http: Any, script: Path) -> None:
    script.unlink()
    assert http.get("/webhooks/widget/widget.js").status_code == 404


def test_operators_find_health_readiness_and_figures_at_the_root(visitor: Any) -> None:
    visitor.say("bicycles")
    assert visitor.http.get("/healthz").status_code == 200
    ready = visitor.http.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    figures = visitor.http.get("/metrics").text
    assert 'markezy_bot_messages_total{channel="widget",outcome="answered"}' in figures
    assert "markezy_bot_turn_seconds_bucket" in figures


def test_a_bot_without_a_model_says_that_it_is_not_ready(bot: Any, http: Any) -> None:
    agent, bot.app.ctx.agent = bot.app.ctx.agent, None
    try:
        response = http.get("/readyz")
    finally:
        bot.app.ctx.agent = agent
    assert response.status_code == 503
    assert response.json()["status"] == "not ready"
    assert response.json()["checks"]["model"] is False


def test_no_log_line_holds_a_token_or_what_a_visitor_wrote(
    visitor: Any, bot: Any, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger("sanic.access").propagate = True
    caplog.set_level(logging.INFO)
    secret_text = "my-phone-is-5551234"
    bot.actions.failing = True
    visitor.say(secret_text)
    bot.actions.failing = False
    visitor.http.get(f"{visitor.path}/events", params={"token": visitor.token, "after": "x"})
    visitor.http.post(f"{visitor.path}/files", params={"question": "cv", "name": "O'Hara, Zoë.pdf"}, content=b"%PDF-")
    visitor.http.post("/webhooks/widget/resume", json={"token": visitor.token})
    visitor.http.post(f"{visitor.path}/messages", json={"id": 1, "text": secret_text}, headers=visitor.headers)
    # httpx, the client of this test, also logs; a record's `request` is where Sanic puts the address.
    ours = [record for record in caplog.records if not record.name.startswith("http")]
    lines = "".join([f"{record.getMessage()} {getattr(record, 'request', '')}\n" for record in ours])
    lines += "".join(capfd.readouterr())
    assert "token=-" in lines, "the access log is written and redacted"
    assert "question=cv&name=-" in lines
    assert visitor.token not in lines
    assert "Hara" not in lines
    assert secret_text not in lines
