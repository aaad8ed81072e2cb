"""The letters a worker sends for accounts. Their links are written here, from the row: no token lies in the queue."""

from uuid import UUID

from markezy.accounts import invitation_repository, invitations, letters, links, repository, resets
from markezy.kernel.clock import now
from markezy.kernel.errors import NotFound
from markezy.kernel.mail import NotSent, send
from markezy.kernel.task import PermanentFailure, TaskCall, task


@task(invitations.TASK)
def invite(call: TaskCall, invitation_id: str, round: int) -> None:
    """Send an invitation, unless it is over or another letter was asked for. Sent again after a crash, the same Message-ID."""
    with call.transaction() as connection:
        found = invitation_repository.find_invitation(connection, call.tenant_id, UUID(invitation_id))
        if found is None or not found.is_open(now()) or found.round != round:
            call.complete(connection)
            return
        tenant = repository.find_tenant(connection, call.tenant_id)
        by = repository.find_user(connection, call.tenant_id, found.invited_by)
        if tenant is None or by is None:
            raise NotFound("There is no such agency.")
    token = links.token_for(call.settings, links.INVITATION, call.tenant_id, found.id, found.round)
    letter = letters.Letter(
        kind=links.INVITATION,
        message_id=f"invitation-{found.id}-{found.round}",
        recipient=found.email,
        name=found.name,
        by=by.name,
        agency=tenant.name,
        locale=tenant.locale,
        url=links.url(call.settings, links.INVITATION, token),
    )
    _deliver(call, letter)


@task(resets.TASK)
def reset_password(call: TaskCall, reset_id: str) -> None:
    """Send the link to a new password, unless it is over. Sent again after a crash, it has the same Message-ID."""
    with call.transaction() as connection:
        found = invitation_repository.find_reset(connection, call.tenant_id, UUID(reset_id))
        user = None if found is None else repository.find_user(connection, call.tenant_id, found.user_id)
        tenant = repository.find_tenant(connection, call.tenant_id)
        if found is None or user is None or tenant is None or not found.is_open(now()):
            call.complete(connection)
            return
    token = links.token_for(call.settings, links.RESET, call.tenant_id, found.id)
    letter = letters.Letter(
        kind=links.RESET,
        message_id=f"reset-{found.id}",
        recipient=user.email,
        name=user.name,
        by="",
        agency=tenant.name,
        locale=tenant.locale,
        url=links.url(call.settings, links.RESET, token),
    )
    _deliver(call, letter)


def _deliver(call: TaskCall, letter: letters.Letter) -> None:
    try:
        message = letters.compose(letter, call.settings.mail_from)
        send(call.settings.smtp_url.get_secret_value(), message, call.settings.mail_signature())
    except NotSent as error:
        if error.final:
            raise PermanentFailure(str(error)) from error
        raise
    with call.transaction() as connection:
        call.complete(connection)
