"""What the worker does to bring leads back: it sends the letters."""

from uuid import UUID

from markezy.accounts import api as accounts
from markezy.kernel.mail import NotSent, send
from markezy.kernel.task import PermanentFailure, TaskCall, task
from markezy.leads import api as leads
from markezy.resuming import letters, repository
from markezy.resuming.brand import brand_of
from markezy.resuming.links import resume_url


@task("resuming.send")
def send_letter(call: TaskCall, letter_id: str) -> None:
    """Send a letter. Killed between the mail server's yes and the commit, it sends again, under the same Message-ID."""
    with call.transaction() as connection:
        found = repository.find_unsent(connection, call.tenant_id, UUID(letter_id))
        if found is None:
            call.complete(connection)
            return
        lead_id = leads.lead_of_conversation(connection, call.tenant_id, found.conversation_id)
        lead = leads.get_lead(connection, call.tenant_id, lead_id)
        tenant = accounts.tenant(connection, call.tenant_id)
        website = tenant.brand.get("website")
        page = lead.page.get("url")
        url = resume_url(call.settings, website, page, call.tenant_id, found.conversation_id)
        if url is None:
            repository.note_failed(connection, call.tenant_id, found.id, "the agency has no website to lead back to")
            call.complete(connection)
            return
    letter = letters.Letter(found.id, found.kind, found.recipient, lead.name, lead.locale, brand_of(tenant), url)
    try:
        send(call.settings.smtp_url.get_secret_value(), letters.compose(letter, call.settings.mail_from))
    except NotSent as error:
        if error.final:
            with call.transaction() as connection:
                repository.note_failed(connection, call.tenant_id, found.id, str(error))
            raise PermanentFailure(str(error)) from error
        raise
    with call.transaction() as connection:
        repository.note_sent(connection, call.tenant_id, found.id)
        call.complete(connection)
