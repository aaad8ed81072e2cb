"""`staff(permission)` and `member`: the authenticators of every staff route."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sanic import Request

from markezy.accounts import api_keys, sessions
from markezy.accounts.roles import GRANTS, allows
from markezy.kernel import tokens
from markezy.kernel.errors import Forbidden, Unauthenticated
from markezy.kernel.http import Authenticator, NotPermitted, Principal, Services, admits, anyone
from markezy.kernel.settings import Settings

_READING = frozenset({"GET", "HEAD"})


def staff(permission: str | None = None) -> Authenticator:
    """Admit whoever has `permission`: staff by their role, with an access token or the console's cookie, and API keys by their scopes.

    Without a permission all staff are admitted, and no API key. A cookie counts for reading, and for writing only from the
    console's own pages.
    """
    if permission is not None and permission not in GRANTS:
        raise ValueError(f"unknown permission {permission!r}: the matrix is in markezy/accounts/roles.py")

    def authenticate(request: Request, services: Services) -> Principal:
        principal = member(request, services)
        if permission is None:
            principal.user_id()
        elif principal.kind == api_keys.KIND:
            if permission not in principal.scopes:
                raise NotPermitted("This API key does not allow this.", principal, permission)
        elif not allows(principal.role, permission):
            raise NotPermitted("Your role does not allow this.", principal, permission)
        return principal

    return admits(authenticate, "staff", permission)


def member(request: Request, services: Services) -> Principal:
    """Admit everybody of an agency: its staff, and its programs by their API keys."""
    if not request.token:
        return _from_cookie(request, services)
    if request.token.startswith(api_keys.MARK):
        return api_keys.principal_of(request.token, services)
    return _from_access_token(request.token, services)


admits(member, "staff")


def visitor(request: Request, services: Services) -> Principal:
    """Admit anybody to a page of the console; what they send must come from such a page.

    Without a cookie there is nothing to abuse, but another site's form could log a browser in as somebody else.
    """
    if request.method not in _READING:
        _require_own_page(request)
    return anyone(request, services)


admits(visitor, "anyone")


def console_cookie_name(settings: Settings) -> str:
    """Cookies ignore ports: with the port in the name, two installations on one host don't log each other's staff out."""
    port = urlsplit(settings.platform_url).port
    return "markezy_console" if port is None else f"markezy_console_{port}"


def _require_own_page(request: Request) -> None:
    """Forbidden unless a browser sent this from a page of this very origin.

    Browsers set both headers themselves; a page of another site can change neither.
    """
    if not _is_from_own_page(request):
        raise Forbidden("This was sent from another site. Please use the console itself.")


def _is_from_own_page(request: Request) -> bool:
    site: str | None = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    # Browsers leave Sec-Fetch-Site out on plain HTTP; Origin then says where the form stood.
    origin: str = request.headers.get("origin", "")
    return origin in (f"http://{request.host}", f"https://{request.host}")


def _from_access_token(token: str, services: Services) -> Principal:
    claims = services.signing.verify(sessions.ACCESS_AUDIENCE, token, ("sub", "tid", "sid"))
    principal = _from_session(services, claims)
    if principal.id != claims["sub"]:
        raise Unauthenticated("This token is not valid here.")
    return principal


def _from_cookie(request: Request, services: Services) -> Principal:
    cookie = request.cookies.get(console_cookie_name(services.settings))
    if not cookie:
        raise Unauthenticated("Please log in.")
    if request.method not in _READING:
        _require_own_page(request)
    claims = tokens.verify(services.settings.staff_secret, sessions.CONSOLE_AUDIENCE, cookie, ("tid", "sid"))
    return _from_session(services, claims)


def _from_session(services: Services, claims: Mapping[str, Any]) -> Principal:
    """Whose session the claims name. Its row alone knows whether it is over and what its user may today; no row, no entry."""
    tenant_id, session_id = _ids(claims["tid"], claims["sid"])
    with services.database.transaction(tenant_id) as connection:
        session = sessions.use_session(connection, tenant_id, session_id)
    return Principal(tenant_id, str(session.user.id), "staff", session.user.role, session_id)


def _ids(tenant_id: object, session_id: object) -> tuple[UUID, UUID]:
    try:
        return UUID(str(tenant_id)), UUID(str(session_id))
    except ValueError:
        raise Unauthenticated("This token is not valid here.") from None
