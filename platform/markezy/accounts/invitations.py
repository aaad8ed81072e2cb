"""Asking somebody to join the team: an e-mail with a link that works once, for a week."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection

from markezy.accounts import invitation_repository, links, passwords, repository, team
from markezy.accounts.model import Invitation, User
from markezy.kernel import audit, outbox
from markezy.kernel.clock import now
from markezy.kernel.errors import Conflict, NotFound
from markezy.kernel.ids import new_id
from markezy.kernel.logging import security_log
from markezy.kernel.settings import Settings

LIFETIME = timedelta(days=7)
TASK = "accounts.invite"
_GONE = "This invitation has expired, was withdrawn or was accepted already. Ask your agency for a new one."


def invite(connection: Connection, by: User, email: str, name: str, role: str, correlation_id: str) -> Invitation:
    """Write the invitation down; the worker sends it.

    Invalid for a malformed address or an unknown role, Forbidden for a role that `by` may not give, Conflict when the address is on
    the team or was invited already.
    """
    address = team.checked_address(email)
    team.require_may_give(by, role)
    if repository.find_account(connection, by.tenant_id, address) is not None:
        raise Conflict("This person is on your team already.")
    invitation_repository.withdraw_expired(connection, by.tenant_id, address, now())
    new = Invitation(by.tenant_id, new_id(), address, name, role, 1, by.id, now(), now() + LIFETIME)
    invitation_repository.insert_invitation(connection, new)
    _send(connection, new, correlation_id)
    audit.subject_is(connection, "invitation", new.id)
    security_log.info("invitation.made", tenant_id=str(by.tenant_id), invitation_id=str(new.id), role=role)
    return new


def pending(connection: Connection, tenant_id: UUID) -> list[Invitation]:
    """Those that nobody accepted or withdrew, in the order they were made."""
    return invitation_repository.pending_invitations(connection, tenant_id)


def resend(connection: Connection, by: User, invitation_id: UUID, correlation_id: str) -> Invitation:
    """Send a new link, good for another week; the one before stops working. NotFound, Conflict or Forbidden when that can't be."""
    found = _pending_one(connection, by.tenant_id, invitation_id)
    team.require_may_give(by, found.role)
    invitation_repository.change_invitation(
        connection, by.tenant_id, found.id, round=found.round + 1, expires_at=now() + LIFETIME
    )
    again = _pending_one(connection, by.tenant_id, invitation_id)
    _send(connection, again, correlation_id)
    return again


def withdraw(connection: Connection, tenant_id: UUID, invitation_id: UUID) -> None:
    """The link stops working. NotFound when there is none, Conflict once it was accepted; again: nothing happens."""
    found = invitation_repository.find_invitation(connection, tenant_id, invitation_id, lock=True)
    if found is None:
        raise NotFound("There is no such invitation.")
    if found.accepted_at is not None:
        raise Conflict("This invitation was accepted already; deactivate the account instead.")
    if found.withdrawn_at is None:
        invitation_repository.change_invitation(connection, tenant_id, invitation_id, withdrawn_at=now())


def behind(connection: Connection, settings: Settings, token: str, lock: bool = False) -> Invitation:
    """The invitation a link leads to; enters its tenant. NotFound when the link does not work, or no more."""
    row = links.row_of(token)
    if row is None:
        raise NotFound(_GONE)
    repository.enter_tenant(connection, row[0])
    found = invitation_repository.find_invitation(connection, *row, lock=lock)
    # Compared even when there is no such row: all refusals are one.
    proved = links.is_proof(settings, token, links.INVITATION, *row, found.round if found else 0)
    if found is None or not proved or not found.is_open(now()):
        raise NotFound(_GONE)
    return found


def accept(connection: Connection, settings: Settings, token: str, name: str | None, password: str) -> User:
    """The new member of the team; enters their tenant.

    NotFound when the link does not work, Invalid for a bad password, Conflict when the address got an account elsewhere meanwhile.
    """
    passwords.check_fit(password)
    found = behind(connection, settings, token, lock=True)
    user = team.add(connection, found.tenant_id, found.email, name or found.name, found.role, password)
    invitation_repository.change_invitation(connection, found.tenant_id, found.id, accepted_at=now())
    audit.caller_is(connection, user.tenant_id, user.id)
    audit.subject_is(connection, "invitation", found.id)
    security_log.info(
        "invitation.accepted", tenant_id=str(found.tenant_id), invitation_id=str(found.id), user_id=str(user.id)
    )
    return user


def _pending_one(connection: Connection, tenant_id: UUID, invitation_id: UUID) -> Invitation:
    found = invitation_repository.find_invitation(connection, tenant_id, invitation_id, lock=True)
    if found is None:
        raise NotFound("There is no such invitation.")
    if found.accepted_at is not None or found.withdrawn_at is not None:
        raise Conflict("This invitation was accepted or withdrawn already.")
    return found


def _send(connection: Connection, invitation: Invitation, correlation_id: str) -> None:
    payload = {"invitation_id": str(invitation.id), "round": invitation.round}
    outbox.enqueue(connection, invitation.tenant_id, TASK, payload, correlation_id)
