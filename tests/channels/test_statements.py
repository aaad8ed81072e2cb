"""What an ordinary message costs in the database."""

import uuid
from typing import Any

import psycopg
import pytest

from tests.channels.test_files import PDF


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything this process sends to PostgreSQL from now on through asynchronous connections, as the server does."""
    sent: list[str] = []
    execute = psycopg.AsyncCursor.execute

    async def noted(self: Any, query: Any, *arguments: Any, **options: Any) -> Any:
        sent.append(" ".join(str(query).split()))
        return await execute(self, query, *arguments, **options)

    monkeypatch.setattr(psycopg.AsyncCursor, "execute", noted)
    return sent


def kinds(statements: list[str]) -> list[str]:
    """The tables that were asked or written, without the naming of the tenant."""
    known = ("set_config", "FROM upload", "INTO inbox", "INTO event", "JOIN inbox", "FROM conversation", "FROM event")
    found = [next((name for name in known if name in each), each) for each in statements]
    return [name for name in found if name != "set_config"]


ORDINARY = ["FROM conversation", "INTO inbox", "JOIN inbox", "INTO event"]


def test_a_message_is_four_statements(visitor: Any, statements: list[str]) -> None:
    assert visitor.say("bicycles").status_code == 200
    assert kinds(statements) == ORDINARY


def test_a_tapped_answer_and_a_wish_to_change_one_are_no_more(visitor: Any, statements: list[str]) -> None:
    for payload in (
        '/answer{"question":"city","value":"Lyon"}',
        '/change_answer{"question":"city"}',
        '/switch_language{"value":"fr"}',
        "/confirm",
    ):
        statements.clear()
        assert visitor.tap(payload).status_code == 200
        assert kinds(statements) == ORDINARY


def test_a_message_to_a_person_is_no_more(bot: Any, visitor: Any, statements: list[str]) -> None:
    bot.actions.silent = True
    assert visitor.say("are you there?").status_code == 200
    assert kinds(statements) == ORDINARY


def test_only_an_answer_that_sends_a_file_looks_for_one(visitor: Any, statements: list[str]) -> None:
    kept = visitor.http.post(
        f"{visitor.path}/files",
        params={"question": "brief", "name": "brief.pdf"},
        content=PDF,
        headers={**visitor.headers, "Content-Type": "application/pdf"},
    ).json()
    statements.clear()
    payload = '/answer{"question":"brief","value":{"file":"' + kept["id"] + '"}}'
    assert visitor.post({"id": str(uuid.uuid4()), "payload": payload}).status_code == 200
    assert kinds(statements) == ["FROM conversation", "FROM upload", "INTO inbox", "JOIN inbox", "INTO event"]
