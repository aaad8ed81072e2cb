"""What the worker does for strategies: write, render, announce, e-mail (docs/contracts.md).

Each task may run any number of times. What it did before is found in the tables (one strategy a lead, one PDF a strategy, one delivery
a channel), and then it only closes its row. Nothing slow happens inside a transaction.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection

from markezy.accounts import api as accounts
from markezy.consents import api as consents
from markezy.kernel.clock import now
from markezy.kernel.errors import Conflict, NotFound
from markezy.kernel.events import NewEvent, append
from markezy.kernel.limits import plan_of
from markezy.kernel.logging import get_logger
from markezy.kernel.mail import NotSent, send
from markezy.kernel.news import NotTold
from markezy.kernel.task import PermanentFailure, TaskCall, task
from markezy.leads import api as leads
from markezy.strategies import email, repository
from markezy.strategies.announcing import announce
from markezy.strategies.generation import NoTemplate
from markezy.strategies.generation import generate as generate_strategy
from markezy.strategies.links import document_url
from markezy.strategies.model import Agency, DeliveryChannel, Strategy
from markezy.strategies.rendering import pdf
from markezy.strategies.templates import BrokenTemplate

log = get_logger(__name__)

_WRITERS_AT_ONCE = 10
"""More than ever append to one lead's stream together, so that each finds its turn."""


@task("strategies.generate")
def generate(call: TaskCall, lead_id: str) -> None:
    """Write the qualified lead's strategy; then it is rendered. Those beyond the plan's for today are written tomorrow."""
    with call.transaction() as connection:
        today = now().replace(hour=0, minute=0, second=0, microsecond=0)
        most = plan_of(connection, call.tenant_id).strategies_per_day
        if most is not None and repository.count_since(connection, call.tenant_id, today) >= most:
            log.warning("strategies.put_off", plan_allows=most)
            call.postpone(connection, today + timedelta(days=1))
            return
        try:
            if not _may(
                call, connection, leads.qualified(connection, call.tenant_id, UUID(lead_id)), consents.STRATEGY
            ):
                log.info("strategies.no_consent", lead_id=lead_id)
                call.complete(connection)
                return
            strategy_id = generate_strategy(connection, call.tenant_id, UUID(lead_id))
        except (NotFound, NoTemplate, BrokenTemplate) as error:
            raise PermanentFailure(str(error)) from error
        if strategy_id is not None:
            _note(call, connection, UUID(lead_id), "strategy.generated", strategy_id)
            call.enqueue(connection, "strategies.render", {"strategy_id": str(strategy_id)})
        call.complete(connection)


@task("strategies.render")
def render(call: TaskCall, strategy_id: str) -> None:
    """Make the PDF; then the lead hears of it, by chat and e-mail, and so does the CRM."""
    with call.transaction() as connection:
        strategy = _strategy(call, connection, strategy_id)
        if repository.find_document(connection, call.tenant_id, strategy.id) is not None:
            call.complete(connection)
            return
        lead = leads.qualified(connection, call.tenant_id, strategy.lead_id)
        agency = _agency(call, connection)
    reader = ", ".join(part for part in (lead.contact.name, lead.contact.company) if part)
    try:
        body = pdf.render(
            pdf.Document(strategy.title, strategy.locale, reader, agency, strategy.created_at, strategy.html)
        )
    except pdf.NotRenderable as error:
        raise PermanentFailure(str(error)) from error
    with call.transaction() as connection:
        if repository.insert_document(connection, call.tenant_id, strategy.id, body):
            _note(call, connection, strategy.lead_id, "strategy.rendered", strategy.id)
            for name in ("strategies.announce", "strategies.email", "crm.sync"):
                call.enqueue(connection, name, {"strategy_id": strategy_id})
        call.complete(connection)


@task("strategies.announce")
def announce_in_chat(call: TaskCall, strategy_id: str) -> None:
    """Tell the lead in the conversation they came from."""
    with call.transaction() as connection:
        strategy = _strategy(call, connection, strategy_id)
        lead = leads.qualified(connection, call.tenant_id, strategy.lead_id)
        if not _claim(call, connection, strategy, DeliveryChannel.CHAT, str(lead.conversation_id)):
            return
    try:
        announce(call.settings, call.tenant_id, lead.conversation_id, strategy, call.correlation_id)
    except NotTold as error:
        _give_back(call, strategy, DeliveryChannel.CHAT, "strategy.announcement_failed", error)
        raise
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
        if not _claim(call, connection, strategy, DeliveryChannel.EMAIL, recipient):
            return
        if not _may(call, connection, lead, consents.CONTACT):
            repository.note_withheld(connection, call.tenant_id, strategy.id, DeliveryChannel.EMAIL)
            call.complete(connection)
            return
    letter = email.Letter(
        strategy_id=strategy.id,
        title=strategy.title,
        locale=strategy.locale,
        name=lead.contact.name,
        email=recipient,
        agency=agency,
        url=document_url(call.settings, call.tenant_id, strategy.id),
        document=document,
    )
    try:
        send(call.settings.smtp_url.get_secret_value(), email.compose(letter, call.settings.mail_from))
    except NotSent as error:
        _give_back(call, strategy, DeliveryChannel.EMAIL, "strategy.email_failed", error)
        raise
    _delivered(call, strategy, DeliveryChannel.EMAIL, "strategy.emailed")


def _may(call: TaskCall, connection: Connection, lead: leads.QualifiedLead, purpose: str) -> bool:
    return consents.may(connection, call.tenant_id, lead.lead_id, lead.conversation_id, lead.flow_version_id, purpose)


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
) -> bool:
    """Note the try. When it was delivered already, close the task's row instead: False."""
    if repository.claim_delivery(connection, call.tenant_id, strategy.id, channel, recipient):
        return True
    call.complete(connection)
    return False


def _give_back(
    call: TaskCall, strategy: Strategy, channel: DeliveryChannel, event_type: str, error: NotTold | NotSent
) -> None:
    """Note why it failed; PermanentFailure, and an event, when another try would too."""
    reason = str(error)
    with call.transaction() as connection:
        repository.note_trouble(connection, call.tenant_id, strategy.id, channel, reason, error.final)
        if error.final:
            _note(call, connection, strategy.lead_id, event_type, strategy.id, reason=reason)
    if error.final:
        raise PermanentFailure(reason)


def _delivered(call: TaskCall, strategy: Strategy, channel: DeliveryChannel, event_type: str) -> None:
    with call.transaction() as connection:
        if repository.note_delivered(connection, call.tenant_id, strategy.id, channel):
            _note(call, connection, strategy.lead_id, event_type, strategy.id)
        call.complete(connection)


def _note(
    call: TaskCall, connection: Connection, lead_id: UUID, event_type: str, strategy_id: UUID, **more: str
) -> None:
    """Append to the lead's stream. Chat, e-mail and CRM do so at the same moment; to fail then would send an e-mail twice."""
    event = NewEvent(event_type, {"strategy_id": str(strategy_id), **more})
    for remaining in reversed(range(_WRITERS_AT_ONCE)):
        try:
            append(connection, call.tenant_id, "lead", lead_id, None, [event], call.correlation_id)
            return
        except Conflict:
            if not remaining:
                raise
