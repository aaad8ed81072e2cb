"""`staff(permission)`: the authenticator of every staff route."""

from urllib.parse import urlsplit
from uuid import UUID

from sanic import Request

from markezy.accounts import sessions
from markezy.accounts.roles import GRANTS, allows
from markezy.kernel import tokens
from markezy.kernel.errors import Forbidden, Unauthenticated
from markezy.kernel.http import Authenticator, Principal, Services
from markezy.kernel.settings import Settings

_READING = frozenset({"GET", "HEAD"})


def staff(permission: str | None = None) -> Authenticator:
    """Admit staff whose role has `permission`, by access token or by the console's cookie; None admits all staff.

    A cookie counts for reading, and for writing only from the console's own pages.
    """
    if permission is not None and permission not in GRANTS:
        raise ValueError(f"unknown permission {permission!r}: the matrix is in markezy/accounts/roles.py")

    def authenticate(request: Request, services: Services) -> Principal:
        principal = _from_access_token(request.token, services) if request.token else _from_cookie(request, services)
        if permission is not None and not allows(principal.role, permission):
            raise Forbidden("Your role does not allow this.", permission=permission)
        return principal

    return authenticate


def console_cookie_name(settings: Settings) -> str:
    """Cookies ignore ports: with the port in the name, two installations on one host don't log each other's staff out."""
    port = urlsplit(settings.platform_url).port
    return "markezy_console" if port is None else f"markezy_console_{port}"


def require_own_page(request: Request) -> None:
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
    claims = tokens.verify(
        services.settings.staff_secret, sessions.ACCESS_AUDIENCE, token, ("sub", "tid", "role", "sid")
    )
    tenant_id, session_id = _ids(claims["tid"], claims["sid"])
    return Principal(tenant_id, claims["sub"], "staff", claims["role"], session_id)


def _from_cookie(request: Request, services: Services) -> Principal:
    cookie = request.cookies.get(console_cookie_name(services.settings))
    if not cookie:
        raise Unauthenticated("Please log in.")
    if request.method not in _READING:
        require_own_page(request)
    claims = tokens.verify(services.settings.staff_secret, sessions.CONSOLE_AUDIENCE, cookie, ("tid", "sid"))
    tenant_id, session_id = _ids(claims["tid"], claims["sid"])
    with services.database.transaction(tenant_id) as connection:
        user = sessions.open_session(connection, tenant_id, session_id).user
    return Principal(tenant_id, str(user.id), "staff", user.role, session_id)


def _ids(tenant_id: object, session_id: object) -> tuple[UUID, UUID]:
    try:
        return UUID(str(tenant_id)), UUID(str(session_id))
    except ValueError:
        raise Unauthenticated("This token is not valid here.") from None
