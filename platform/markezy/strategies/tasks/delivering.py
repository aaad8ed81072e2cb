"""To the lead: in the chat they came from, and by e-mail with the PDF."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from markezy.accounts import api as accounts
from markezy.consents import api as consents
from markezy.kernel.mail import NotSent, send
from markezy.kernel.news import NotTold
from markezy.kernel.task import PermanentFailure, TaskCall, task
from markezy.leads import api as leads
from markezy.strategies import api, repository
from markezy.strategies.delivery import email
from markezy.strategies.delivery.announcing import announce
from markezy.strategies.delivery.leaving import way_out
from markezy.strategies.delivery.links import document_url
from markezy.strategies.model import NO_CONSENT, Agency, DeliveryChannel, Strategy
from markezy.strategies.production import progress
from markezy.strategies.tasks.noting import note


@task("strategies.announce")
def announce_in_chat(call: TaskCall, strategy_id: str) -> None:
    """Tell the lead in the conversation they came from."""
    with call.transaction() as connection:
        strategy = _strategy(call, connection, strategy_id)
        lead = leads.qualified(connection, call.tenant_id, strategy.lead_id)
        first_tried = _claim(call, connection, strategy, DeliveryChannel.CHAT, str(lead.conversation_id))
        if first_tried is None:
            return
    try:
        announce(call.settings, call.tenant_id, lead.conversation_id, strategy, first_tried, call.correlation_id)
    except NotTold as error:
        if error.final:
            progress.tell(call.settings, call.tenant_id, lead, None)
        _give_back(call, strategy, DeliveryChannel.CHAT, "strategy.announcement_failed", error)
        raise
    # Before this is noted as done: killed in between, the next try tells it again.
    progress.tell(call.settings, call.tenant_id, lead, None)
    _delivered(call, strategy, DeliveryChannel.CHAT, "strategy.announced")


@task("strategies.email")
def send_email(call: TaskCall, strategy_id: str) -> None:
    """Send the PDF. Killed between the mail server's yes and the commit, it sends again, under the same Message-ID."""
    with call.transaction() as connection:
        strategy = _strategy(call, connection, strategy_id)
        lead = leads.qualified(connection, call.tenant_id, strategy.lead_id)
        recipient = lead.contact.email
        if not recipient:
            call.complete(connection)
            return
        document = repository.find_document(connection, call.tenant_id, strategy.id)
        if document is None:
            raise PermanentFailure("there is no PDF of this strategy")
        agency = _agency(call, connection)
        first_tried = _claim(call, connection, strategy, DeliveryChannel.EMAIL, recipient)
        if first_tried is None:
            return
        withheld = _why_not(call, connection, lead, recipient)
        if withheld is not None:
            repository.note_withheld(connection, call.tenant_id, strategy.id, DeliveryChannel.EMAIL, withheld)
            call.complete(connection)
            return
        out = way_out(connection, call.settings, call.tenant_id, recipient, strategy_id=strategy.id)
    letter = email.Letter(
        strategy_id=strategy.id,
        title=strategy.title,
        locale=strategy.locale,
        name=lead.contact.name,
        email=recipient,
        agency=agency,
        url=document_url(call.settings, call.tenant_id, strategy.id, first_tried),
        document=document,
        way_out=out,
    )
    try:
        message = email.compose(letter, call.settings.mail_from)
        send(call.settings.smtp_url.get_secret_value(), message, call.settings.mail_signature())
    except NotSent as error:
        _give_back(call, strategy, DeliveryChannel.EMAIL, "strategy.email_failed", error)
        raise
    _delivered(call, strategy, DeliveryChannel.EMAIL, "strategy.emailed")


def _why_not(call: TaskCall, connection: Connection, lead: leads.QualifiedLead, recipient: str) -> str | None:
    """Why the lead is not to be written to; None when they are."""
    wanted = consents.may(
        connection, call.tenant_id, lead.lead_id, lead.conversation_id, lead.flow_version_id, consents.CONTACT
    )
    if not wanted:
        return NO_CONSENT
    # What is no address is told by whoever composes the message.
    return api.why_no_mail(connection, call.tenant_id, recipient)


def _strategy(call: TaskCall, connection: Connection, strategy_id: str) -> Strategy:
    found = repository.find_strategy(connection, call.tenant_id, UUID(strategy_id))
    if found is None:
        raise PermanentFailure("there is no such strategy")
    return found


def _agency(call: TaskCall, connection: Connection) -> Agency:
    tenant = accounts.tenant(connection, call.tenant_id)
    return Agency.of(tenant.name, tenant.brand)


def _claim(
    call: TaskCall, connection: Connection, strategy: Strategy, channel: DeliveryChannel, recipient: str
) -> datetime | None:
    """Note the try; when the first was. When it was delivered already, close the task's row instead: None."""
    first_tried = repository.claim_delivery(connection, call.tenant_id, strategy.id, channel, recipient)
    if first_tried is None:
        call.complete(connection)
    return first_tried


def _give_back(
    call: TaskCall, strategy: Strategy, channel: DeliveryChannel, event_type: str, error: NotTold | NotSent
) -> None:
    """Note why it failed; PermanentFailure, and an event, when another try would too."""
    reason = str(error)
    with call.transaction() as connection:
        repository.note_trouble(connection, call.tenant_id, strategy.id, channel, reason, error.final)
        if error.final:
            note(call, connection, strategy.lead_id, event_type, strategy.id, reason=reason)
    if error.final:
        raise PermanentFailure(reason)


def _delivered(call: TaskCall, strategy: Strategy, channel: DeliveryChannel, event_type: str) -> None:
    with call.transaction() as connection:
        if repository.note_delivered(connection, call.tenant_id, strategy.id, channel):
            note(call, connection, strategy.lead_id, event_type, strategy.id)
        call.complete(connection)
