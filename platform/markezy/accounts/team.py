"""Who is on the team: joining, changing roles, leaving. Somebody always stays who owns the agency's account."""

from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Connection

from markezy.accounts import passwords, repository, session_repository
from markezy.accounts.model import User
from markezy.accounts.roles import Role
from markezy.kernel.clock import now
from markezy.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from markezy.kernel.ids import new_id
from markezy.kernel.logging import security_log


def add(connection: Connection, tenant_id: UUID, email: str, name: str, role: str, password: str) -> User:
    """A new member. Invalid for a malformed address, an unknown role or a bad password; Conflict when the address is taken."""
    address = checked_address(email)
    require_role(role)
    passwords.check_fit(password)
    return repository.insert_user(
        connection,
        {
            "tenant_id": tenant_id,
            "id": new_id(),
            "email": address,
            "name": name,
            "role": role,
            "password_hash": passwords.hash_password(password),
        },
    )


def change_role(connection: Connection, by: User, user_id: UUID, role: str) -> User:
    """Give a member another role, which counts at once.

    NotFound, Invalid for an unknown role, Forbidden unless `by` may give both roles, Conflict for the last owner.
    """
    require_may_give(by, role)
    owners = repository.lock_active(connection, by.tenant_id, Role.OWNER)
    found = _member(connection, by, user_id)
    if role != Role.OWNER:
        _require_another_owner(owners, found)
    if found.role != role:
        repository.change_user(connection, by.tenant_id, user_id, {"role": role})
        security_log.info(
            "user.role_changed", tenant_id=str(by.tenant_id), user_id=str(user_id), by=str(by.id), role=role
        )
    return _member(connection, by, user_id)


def deactivate(connection: Connection, by: User, user_id: UUID) -> User:
    """Somebody left: they can't log in any more, and their sessions end at once. Again: nothing happens.

    NotFound; Forbidden for an owner unless `by` is one; Conflict for oneself and for the last owner.
    """
    owners = repository.lock_active(connection, by.tenant_id, Role.OWNER)
    found = _member(connection, by, user_id)
    if found.id == by.id:
        raise Conflict("You can't deactivate your own account; ask a colleague to do it.")
    _require_another_owner(owners, found)
    if found.deactivated_at is None:
        repository.change_user(connection, by.tenant_id, user_id, {"deactivated_at": now()})
        session_repository.revoke_all(connection, by.tenant_id, user_id, now())
        security_log.info("user.deactivated", tenant_id=str(by.tenant_id), user_id=str(user_id), by=str(by.id))
    return _member(connection, by, user_id)


def reactivate(connection: Connection, by: User, user_id: UUID) -> User:
    """Somebody is back, with the password they had. Again: nothing happens. NotFound; Forbidden for an owner unless `by` is one."""
    found = _member(connection, by, user_id)
    if found.deactivated_at is not None:
        repository.change_user(connection, by.tenant_id, user_id, {"deactivated_at": None})
        security_log.info("user.reactivated", tenant_id=str(by.tenant_id), user_id=str(user_id), by=str(by.id))
    return _member(connection, by, user_id)


def checked_address(email: str) -> str:
    """The address as it is kept; Invalid when it is none."""
    try:
        return validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise Invalid(f"This is not an e-mail address: {error}") from None


def require_role(role: str) -> None:
    """Invalid for a role there is not."""
    if role not in set(Role):
        raise Invalid(f"There is no role {role!r}; there are {', '.join(Role)}.")


def require_may_give(by: User, role: str) -> None:
    """Invalid for a role there is not; Forbidden when it is above the one of `by`."""
    require_role(role)
    if role == Role.OWNER and by.role != Role.OWNER:
        raise Forbidden("Only an owner can make somebody an owner, or change what an owner is.")


def _member(connection: Connection, by: User, user_id: UUID) -> User:
    found = repository.find_user(connection, by.tenant_id, user_id)
    if found is None:
        raise NotFound("There is no such user.")
    require_may_give(by, found.role)
    return found


def _require_another_owner(owners: list[UUID], found: User) -> None:
    if found.id in owners and len(owners) == 1:
        raise Conflict("This is the last owner of the agency; make somebody else an owner first.")
