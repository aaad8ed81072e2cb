"""Messages that were left behind are driven again, and nobody's wait behind another agency's."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import jwt
import pytest
from markezy import relay
from markezy.kernel.db import Database
from markezy.kernel.settings import Settings
from sqlalchemy import text

from tests.markezy.console.rows import add_lead


@dataclass
class Bot:
    """What was driven again, and whose turns end without an answer."""

    url: str
    driven: list[tuple[UUID, str]] = field(default_factory=list)
    broken: set[UUID] = field(default_factory=set)


@pytest.fixture
def bot() -> Iterator[Bot]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            token = self.headers["Authorization"].removeprefix("Bearer ")
            tenant_id = UUID(jwt.decode(token, options={"verify_signature": False})["tid"])
            listening.driven.append((tenant_id, body["message_id"]))
            if tenant_id in listening.broken:
                self.connection.close()
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"messages": []}')

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening = Bot(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield listening
    server.shutdown()
    thread.join(5)
    server.server_close()


@pytest.fixture
def leave_behind(database: Database, url_of: Callable[[str], str]) -> Callable[[UUID, int], None]:
    """Accept messages of one tenant that no turn has answered for a while."""

    def write(tenant_id: UUID, messages: int) -> None:
        with database.transaction(tenant_id) as connection:
            lead_id = add_lead(connection, tenant_id)
            connection.execute(
                text(
                    "INSERT INTO inbox (tenant_id, channel, message_id, conversation_id, body, correlation_id, received_at)"
                    " SELECT :tenant, 'widget', number::text, lead.conversation_id, '', 'correlation-1',"
                    " now() - interval '1 hour' + number * interval '1 second'"
                    " FROM lead, generate_series(1, :messages) AS number WHERE lead.id = :lead"
                ),
                {"tenant": tenant_id, "lead": lead_id, "messages": messages},
            )

    return write


@pytest.fixture
def redrive(relay_database: Database, settings: Settings, bot: Bot) -> Callable[[], int]:
    reachable: Any = settings.model_copy(update={"bot_url_override": bot.url})
    return lambda: relay.redrive_inbox(relay_database, reachable)


def test_of_many_messages_of_one_agency_some_come_and_then_it_is_the_next_ones_turn(
    make_tenant: Callable[[], UUID], bot: Bot, leave_behind: Any, redrive: Callable[[], int]
) -> None:
    noisy, quiet = make_tenant(), make_tenant()
    leave_behind(noisy, 60)
    leave_behind(quiet, 2)
    redrive()
    driven = [(tenant, id_) for tenant, id_ in bot.driven if tenant in (noisy, quiet)]
    assert driven[:4] == [(noisy, "1"), (quiet, "1"), (noisy, "2"), (quiet, "2")]
    assert [id_ for tenant, id_ in driven if tenant == noisy] == ["1", "2", "3", "4", "5"]


def test_an_agency_whose_turn_breaks_waits_for_the_next_round_and_keeps_nobody_else(
    make_tenant: Callable[[], UUID], bot: Bot, leave_behind: Any, redrive: Callable[[], int]
) -> None:
    broken, sound = make_tenant(), make_tenant()
    bot.broken.add(broken)
    leave_behind(broken, 4)
    leave_behind(sound, 4)
    redrive()
    assert [id_ for tenant, id_ in bot.driven if tenant == broken] == ["1"]
    assert [id_ for tenant, id_ in bot.driven if tenant == sound] == ["1", "2", "3", "4"]
