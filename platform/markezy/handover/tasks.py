"""What the worker does for handovers: tell the team, give up waiting, deliver what staff say (docs/conversation.md)."""

from uuid import UUID

from redis import Redis
from sqlalchemy import Connection

from markezy.accounts import api as accounts
from markezy.handover import letters, repository
from markezy.handover.model import Handover, News, Status
from markezy.handover.pages import tell_pages
from markezy.handover.projector import away
from markezy.handover.service import tell
from markezy.kernel.clock import now
from markezy.kernel.logging import get_logger
from markezy.kernel.mail import NotSent, send
from markezy.kernel.news import NotTold, post_news
from markezy.kernel.task import PermanentFailure, TaskCall, task
from markezy.leads import api as leads

log = get_logger(__name__)


@task("handover.notify")
def notify(call: TaskCall, handover_id: str, about: str = "request") -> None:
    """E-mail the team that a lead waits, or left a `message`. Sent again after a crash, it has the same Message-ID."""
    with call.transaction() as connection:
        found = repository.find(connection, call.tenant_id, UUID(handover_id))
        if found is None:
            raise PermanentFailure("there is no such handover")
        settings = repository.find_settings(connection, call.tenant_id)
        recipients = _recipients(connection, call.tenant_id, settings.notify_email)
        if not _is_news(found, about) or not recipients:
            log.info("handover.nobody_to_notify", status=found.status, recipients=len(recipients))
            call.complete(connection)
            return
        tenant = accounts.tenant(connection, call.tenant_id)
        lead = leads.get_lead(connection, call.tenant_id, found.lead_id)
    letter = letters.Letter(
        handover_id=found.id,
        about=about,
        reason=found.reason,
        message=found.message or "",
        lead_name=lead.name,
        messages=lead.messages,
        agency=tenant.name,
        locale=tenant.locale,
        url=f"{call.settings.platform_url}/console/leads/{lead.id}",
        recipients=tuple(recipients),
    )
    try:
        message = letters.compose(letter, call.settings.mail_from)
        send(call.settings.smtp_url.get_secret_value(), message, call.settings.mail_signature())
    except NotSent as error:
        if error.final:
            raise PermanentFailure(str(error)) from error
        raise
    with call.transaction() as connection:
        call.complete(connection)


@task("handover.give_up")
def give_up(call: TaskCall, handover_id: str) -> None:
    """The lead has waited long enough: they hear that nobody is free, unless somebody came."""
    with call.transaction() as connection:
        found = repository.find(connection, call.tenant_id, UUID(handover_id))
        if found is None:
            raise PermanentFailure("there is no such handover")
        repository.lock_conversation(connection, found.conversation_id)
        found = repository.find(connection, call.tenant_id, found.id)
        if found is not None and found.status == Status.WAITING:
            settings = repository.find_settings(connection, call.tenant_id)
            tell(
                connection, call.tenant_id, found.conversation_id, "team_away", away(settings, "busy", now()),
                call.correlation_id, handover_id=found.id,
            )  # fmt: skip
        call.complete(connection)


@task("handover.deliver")
def deliver(call: TaskCall, conversation_id: str) -> None:
    """Post the conversation's news one after the other. What the bot refuses for good is noted, and the next goes on."""
    conversation = UUID(conversation_id)
    with call.transaction() as guard:
        repository.lock_delivery(guard, conversation)
        while (news := _next(call, conversation)) is not None:
            _deliver(call, conversation, news)
    with call.transaction() as connection:
        lead_id = leads.lead_of_conversation(connection, call.tenant_id, conversation)
        call.complete(connection)
    with Redis.from_url(call.settings.redis_url.get_secret_value()) as redis:
        tell_pages(redis, call.tenant_id, {lead_id})


def _recipients(connection: Connection, tenant_id: UUID, notify_email: str) -> list[str]:
    if notify_email:
        return [notify_email]
    return [user.email for user in accounts.users_who_may(connection, tenant_id, "handover.write")]


def _next(call: TaskCall, conversation_id: UUID) -> News | None:
    with call.transaction() as connection:
        return repository.next_news(connection, call.tenant_id, conversation_id)


def _deliver(call: TaskCall, conversation_id: UUID, news: News) -> None:
    failure = ""
    try:
        post_news(call.settings, call.tenant_id, conversation_id, news.id, news.intent, news.data, call.correlation_id)
    except NotTold as error:
        if not error.final:
            raise
        failure = str(error)
        log.error("handover.news_refused", intent=news.intent, reason=failure)
    with call.transaction() as connection:
        if failure:
            repository.note_failed(connection, call.tenant_id, news.id, failure)
        else:
            repository.note_delivered(connection, call.tenant_id, news.id)


def _is_news(found: Handover, about: str) -> bool:
    """Whether the team still needs to hear of it."""
    if about == "message":
        return found.status == Status.AWAY and bool(found.message)
    return found.status in (Status.WAITING, Status.AWAY)
