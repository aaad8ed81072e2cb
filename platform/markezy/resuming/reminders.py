"""One reminder for a conversation that rests before its end; never a second one, whoever runs this how often."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

from sqlalchemy import Connection, text

from markezy.consents import api as consents
from markezy.flows import api as flows
from markezy.handover import api as handover
from markezy.kernel.db import Database
from markezy.kernel.ids import new_id
from markezy.kernel.logging import get_logger
from markezy.kernel.outbox import enqueue
from markezy.leads import api as leads
from markezy.resuming import repository
from markezy.resuming.model import Kind, ResumeLetter, ResumingSettings

log = get_logger(__name__)

_FORGOTTEN = timedelta(days=7)
"""Whoever rests for longer has made up their mind."""
_AT_ONCE = 100
"""Leads in one transaction: few enough that it is short, for readers of the log wait for the oldest one."""
_FIRST = UUID(int=0)
_TENANTS = text("SELECT tenant_ids()")

Place = tuple[datetime, UUID]


@dataclass(frozen=True)
class Ways:
    """How a channel's leads may be reminded: by mail too, and in the chat for how long after they last said something."""

    mail: bool
    chat_within: timedelta


_DAY = timedelta(hours=24)
WAYS: Mapping[str, Ways] = {
    "widget": Ways(mail=True, chat_within=_FORGOTTEN),
    "whatsapp": Ways(mail=False, chat_within=_DAY),
    "messenger": Ways(mail=False, chat_within=_DAY),
}
"""By channel; any other has no way. Meta lets businesses write freely within 24 hours of a person's last message
(https://developers.facebook.com/docs/whatsapp/pricing, Messenger Platform policy)."""


def remind_all(database: Database, at: datetime) -> int:
    """Remind every tenant's leads who rest at this time and tell how many; a tenant that fails is logged and does not stop the others."""
    with database.unscoped() as connection:
        tenants = connection.execute(_TENANTS).scalars().all()
    reminded = 0
    for tenant_id in tenants:
        try:
            reminded += remind(database, tenant_id, at)
        except Exception:
            log.exception("resuming.reminders_failed", tenant_id=str(tenant_id))
    return reminded


def remind(database: Database, tenant_id: UUID, at: datetime, at_once: int = _AT_ONCE) -> int:
    """Remind the tenant's leads who rest at this time, `at_once` in each transaction; how many."""
    reminded = 0
    place: Place | None = beginning(at)
    while place is not None:
        with database.transaction(tenant_id) as connection:
            more, place = remind_some(connection, tenant_id, at, place, at_once)
        reminded += more
    return reminded


def beginning(at: datetime) -> Place:
    """Where the leads begin who may be reminded at this time."""
    return at - _FORGOTTEN, _FIRST


def remind_some(
    connection: Connection, tenant_id: UUID, at: datetime, place: Place, limit: int
) -> tuple[int, Place | None]:
    """Look at the next `limit` resting leads: how many were reminded, and where the rest begin."""
    settings = repository.find_settings(connection, tenant_id)
    if not settings.remind:
        return 0, None
    resting = leads.resting(connection, tenant_id, place, _rested(settings, at), limit)
    conversations = [lead.conversation_id for lead in resting]
    done = repository.reminded(connection, tenant_id, conversations)
    heard = leads.last_heard(connection, tenant_id, conversations)
    count = 0
    for lead in resting:
        last = heard.get(lead.conversation_id)
        # The log is ahead of the read model: whoever has just come back is not at rest.
        if lead.conversation_id not in done and last is not None and last <= _rested(settings, at):
            count += _remind(connection, tenant_id, lead, at, at - last)
    if len(resting) < limit or resting[-1].last_message_at is None:
        return count, None
    return count, (resting[-1].last_message_at, resting[-1].id)


def still_due(letter: ResumeLetter, lead: leads.Lead, last_heard: datetime | None) -> bool:
    """Whether a lead who was found at rest still is, some time later."""
    under_way = lead.state == leads.LeadState.IN_PROGRESS and lead.person == leads.Person.NOBODY
    return under_way and last_heard is not None and last_heard <= letter.created_at


def _rested(settings: ResumingSettings, at: datetime) -> datetime:
    return at - timedelta(hours=settings.remind_after_hours)


def _remind(connection: Connection, tenant_id: UUID, lead: leads.Lead, at: datetime, silence: timedelta) -> bool:
    ways = WAYS.get(lead.channel)
    if ways is None:
        return False
    flow = flows.get_version(connection, tenant_id, lead.flow_version_id)
    if _refused_contact(lead, flow) or _withdrawn(connection, tenant_id, lead):
        return False
    in_chat = silence <= ways.chat_within
    recipient = _address(connection, tenant_id, lead, flow) if ways.mail else ""
    if not in_chat and not recipient:
        return False
    letter = ResumeLetter(new_id(), lead.conversation_id, Kind.REMINDER, recipient, at)
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


def _refused_contact(lead: leads.Lead, flow: flows.FlowVersion) -> bool:
    """Any consent counts: who says no to one thing is not written to about another."""
    refused = {answer.question for answer in lead.answers if answer.value is False}
    return bool(refused) and not refused.isdisjoint(flows.consents(flow))


def _withdrawn(connection: Connection, tenant_id: UUID, lead: leads.Lead) -> bool:
    decided = consents.decided(connection, tenant_id, lead.id, lead.conversation_id)
    return decided.get(consents.CONTACT) is consents.Decision.WITHDRAWN


def _address(connection: Connection, tenant_id: UUID, lead: leads.Lead, flow: flows.FlowVersion) -> str:
    """What the lead answered, else where they last had a link sent to; empty when neither is known."""
    asked = flows.email_questions(flow)
    answered = next((one.value for one in lead.answers if one.question in asked and one.value), None)
    last_used = repository.latest_recipient(connection, tenant_id, lead.conversation_id)
    return str(answered or lead.email or last_used or "")
