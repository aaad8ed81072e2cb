"""What the worker does to bring leads back: it sends the letters."""

from uuid import UUID

from sqlalchemy import Connection

from markezy.accounts import api as accounts
from markezy.kernel.logging import get_logger
from markezy.kernel.mail import NotSent, send
from markezy.kernel.task import PermanentFailure, TaskCall, task
from markezy.leads import api as leads
from markezy.resuming import letters, reminders, repository
from markezy.resuming.brand import brand_of
from markezy.resuming.links import resume_url
from markezy.resuming.model import Kind, ResumeLetter
from markezy.strategies import api as strategies

log = get_logger(__name__)


class _NotNeeded(Exception):
    """The letter is not to be sent; the text says why and holds no personal data."""


@task("resuming.send")
def send_letter(call: TaskCall, letter_id: str) -> None:
    """Send a letter. Killed between the mail server's yes and the commit, it sends again, under the same Message-ID."""
    with call.transaction() as connection:
        found = repository.find_unsent(connection, call.tenant_id, UUID(letter_id))
        if found is None:
            call.complete(connection)
            return
        try:
            letter = _write(call, connection, found)
        except _NotNeeded as reason:
            log.info("resuming.letter_not_needed", letter_id=letter_id, reason=str(reason))
            repository.note_failed(connection, call.tenant_id, found.id, str(reason))
            call.complete(connection)
            return
    try:
        message = letters.compose(letter, call.settings.mail_from)
        send(call.settings.smtp_url.get_secret_value(), message, call.settings.mail_signature())
    except NotSent as error:
        if error.final:
            with call.transaction() as connection:
                repository.note_failed(connection, call.tenant_id, found.id, str(error))
            raise PermanentFailure(str(error)) from error
        raise
    with call.transaction() as connection:
        repository.note_sent(connection, call.tenant_id, found.id)
        call.complete(connection)


def _write(call: TaskCall, connection: Connection, found: ResumeLetter) -> letters.Letter:
    tenant_id, conversation_id = call.tenant_id, found.conversation_id
    lead_id = leads.lead_of_conversation(connection, tenant_id, conversation_id)
    lead = leads.get_lead(connection, tenant_id, lead_id)
    if found.kind is Kind.REMINDER:
        heard = leads.last_heard(connection, tenant_id, [conversation_id]).get(conversation_id)
        if not reminders.still_due(found, lead, heard):
            raise _NotNeeded("the lead came back before it was sent")
    refused = strategies.why_no_mail(connection, tenant_id, found.recipient)
    if refused is not None:
        raise _NotNeeded(f"the address gets no mail: {refused}")
    tenant = accounts.tenant(connection, tenant_id)
    url = resume_url(call.settings, tenant.brand.get("website"), lead.page.get("url"), tenant_id, conversation_id)
    if url is None:
        raise _NotNeeded("the agency has no website to lead back to")
    out = strategies.way_out(connection, call.settings, tenant_id, found.recipient, lead_id=lead_id)
    left = _questions_left(connection, tenant_id, lead)
    return letters.Letter(
        found.id, found.kind, found.recipient, lead.name, lead.locale, brand_of(tenant), url, out, left
    )


def _questions_left(connection: Connection, tenant_id: UUID, lead: leads.Lead) -> int:
    """At most, as the assistant last told the lead; 0 when it did not, or nothing is left."""
    said = leads.transcript(connection, tenant_id, lead.id)
    progress = next((entry.progress for entry in reversed(said) if entry.progress), {})
    return max(0, int(progress.get("of", 0)) - int(progress.get("done", 0)))
