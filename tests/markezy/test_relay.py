"""Messages that were left behind are driven again, and nobody's wait behind another agency's."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import jwt
import pytest
from markezy import relay
from markezy.kernel.db import Database
from markezy.kernel.settings import Settings
from sqlalchemy import text

from tests.markezy.bot import Bot, Posted
from tests.markezy.console.rows import add_lead


def tenant_of(posted: Posted) -> UUID:
    """Whose message was driven again."""
    token = posted.headers["Authorization"].removeprefix("Bearer ")
    return UUID(jwt.decode(token, options={"verify_signature": False})["tid"])


def driven(bot: Bot, *tenants: UUID) -> list[tuple[UUID, str]]:
    """Which messages of these agencies were, in order."""
    posted = [(tenant_of(one), one.body["message_id"]) for one in bot.posted]
    return [one for one in posted if one[0] in tenants]


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
    assert driven(bot, noisy, quiet)[:4] == [(noisy, "1"), (quiet, "1"), (noisy, "2"), (quiet, "2")]
    assert [id_ for _, id_ in driven(bot, noisy)] == ["1", "2", "3", "4", "5"]


def test_an_agency_whose_turn_breaks_waits_for_the_next_round_and_keeps_nobody_else(
    make_tenant: Callable[[], UUID], bot: Bot, leave_behind: Any, redrive: Callable[[], int]
) -> None:
    broken, sound = make_tenant(), make_tenant()

    def break_off(posted: Posted) -> None:
        if tenant_of(posted) == broken:
            raise ConnectionAbortedError

    bot.before_answer = break_off
    leave_behind(broken, 4)
    leave_behind(sound, 4)
    redrive()
    assert [id_ for _, id_ in driven(bot, broken)] == ["1"]
    assert [id_ for _, id_ in driven(bot, sound)] == ["1", "2", "3", "4"]
