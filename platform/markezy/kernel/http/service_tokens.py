"""Service tokens: how Markezy's own processes prove themselves to each other, for one tenant and at most a minute."""

from datetime import timedelta
from uuid import UUID

from sanic import Request

from markezy.kernel import tokens
from markezy.kernel.errors import Forbidden, Unauthenticated
from markezy.kernel.http.calls import Authenticator, Principal, Services, admits
from markezy.kernel.settings import Settings

_LIFETIME = timedelta(seconds=60)


def service_token(settings: Settings, issuer: str, audience: str, tenant_id: UUID) -> str:
    """A token with which `issuer` (a process name) calls `audience` (`platform` or `bot`) for one tenant."""
    return tokens.sign(settings.service_secret, audience, _LIFETIME, iss=issuer, tid=str(tenant_id))


def service(*issuers: str) -> Authenticator:
    """Admit the named processes only."""

    def authenticate(request: Request, services: Services) -> Principal:
        if not request.token:
            raise Unauthenticated("A service token is needed here.")
        claims = tokens.verify(services.settings.service_secret, "platform", request.token, ("iss", "tid"))
        if claims["iss"] not in issuers:
            raise Forbidden("This service may not call here.")
        try:
            tenant_id = UUID(claims["tid"])
        except ValueError:
            raise Unauthenticated("This token is not valid here.") from None
        return Principal(tenant_id=tenant_id, id=claims["iss"], kind="service")

    return admits(authenticate, "service")
