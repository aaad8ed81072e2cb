"""One reminder for a conversation that rests before its end; never a second one, whoever runs this how often."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

from sqlalchemy import Connection, text

from markezy.handover import api as handover
from markezy.kernel.clock import now
from markezy.kernel.db import Database
from markezy.kernel.ids import new_id
from markezy.kernel.logging import get_logger
from markezy.kernel.outbox import enqueue
from markezy.leads import api as leads
from markezy.resuming import repository
from markezy.resuming.model import Kind, ResumeLetter

log = get_logger(__name__)

_FORGOTTEN = timedelta(days=7)
"""Whoever rests for longer has made up their mind."""
_AT_ONCE = 200
_TENANTS = text("SELECT tenant_ids()")

CHAT_WITHIN: Mapping[str, timedelta] = {
    "widget": _FORGOTTEN,
    "whatsapp": timedelta(hours=24),
    "messenger": timedelta(hours=24),
}
"""By channel: for how long after the lead's last message a word in the chat is allowed. Meta's window for free-form
messages is 24 hours (https://developers.facebook.com/docs/whatsapp/pricing, Messenger Platform policy)."""


def remind_all(database: Database) -> int:
    """Remind every tenant's resting leads and tell how many; a tenant that fails is logged and does not stop the others."""
    with database.unscoped() as connection:
        tenants = connection.execute(_TENANTS).scalars().all()
    reminded = 0
    for tenant_id in tenants:
        try:
            with database.transaction(tenant_id) as connection:
                reminded += remind(connection, tenant_id, now())
        except Exception:
            log.exception("resuming.reminders_failed", tenant_id=str(tenant_id))
    return reminded


def remind(connection: Connection, tenant_id: UUID, at: datetime) -> int:
    """Remind the tenant's leads who rest at this time; how many."""
    settings = repository.find_settings(connection, tenant_id)
    if not settings.remind:
        return 0
    resting_since = at - timedelta(hours=settings.remind_after_hours)
    resting = leads.resting(connection, tenant_id, at - _FORGOTTEN, resting_since, _AT_ONCE)
    return sum(_remind(connection, tenant_id, lead, at) for lead in resting)


def _remind(connection: Connection, tenant_id: UUID, lead: leads.Resting, at: datetime) -> bool:
    in_chat = at - lead.last_message_at <= CHAT_WITHIN.get(lead.channel, timedelta())
    recipient = ""
    if lead.channel == "widget":
        recipient = lead.email or repository.latest_recipient(connection, tenant_id, lead.conversation_id) or ""
    if not in_chat and not recipient:
        return False
    letter = ResumeLetter(new_id(), lead.conversation_id, Kind.REMINDER, recipient)
    if not repository.add(connection, tenant_id, letter):
        return False
    correlation_id = str(uuid4())
    if recipient:
        enqueue(connection, tenant_id, "resuming.send", {"letter_id": str(letter.id)}, correlation_id)
    if in_chat:
        handover.tell(
            connection,
            tenant_id,
            lead.conversation_id,
            "reminder",
            {},
            correlation_id,
            news_id=uuid5(letter.id, "news"),
        )
    return True
