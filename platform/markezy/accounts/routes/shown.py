"""How people and keys are written in answers."""

from markezy.accounts.model import ApiKey, Invitation, OpenSession, User

NO_STORE = {"Cache-Control": "no-store"}
"""For answers that hold a secret: nobody keeps them, and a repeated request is not answered from memory."""


def user(one: User) -> dict[str, object]:
    return {
        "id": one.id,
        "email": one.email,
        "name": one.name,
        "role": one.role,
        "active": one.deactivated_at is None,
        "created_at": one.created_at,
    }


def invitation(one: Invitation) -> dict[str, object]:
    names = ("id", "email", "name", "role", "invited_by", "created_at", "expires_at")
    return {name: getattr(one, name) for name in names}


def session(one: OpenSession, current: bool) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind,
        "current": current,
        "network": one.device and one.device.network,
        "user_agent": one.device and one.device.program,
        "created_at": one.created_at,
        "last_used_at": one.last_used_at,
        "expires_at": one.expires_at,
    }


def api_key(one: ApiKey) -> dict[str, object]:
    names = ("id", "prefix", "name", "scopes", "created_by", "created_at", "expires_at", "last_used_at")
    return {name: getattr(one, name) for name in names}
