"""The lead's own link to the PDF: signed, good for 30 days, and for nothing else."""

from datetime import datetime, timedelta
from uuid import UUID

from pydantic import SecretStr
from sanic import Request

from markezy.kernel import tokens
from markezy.kernel.errors import Unauthenticated
from markezy.kernel.http import Principal, Services
from markezy.kernel.settings import Settings

LIFETIME = timedelta(days=30)
_AUDIENCE = "document"


def document_url(settings: Settings, tenant_id: UUID, strategy_id: UUID, issued: datetime) -> str:
    """Where the lead reads their strategy for 30 days from then; the same again for the same arguments."""
    ids = {"tid": str(tenant_id), "sid": str(strategy_id)}
    token = tokens.sign_as_of(issued, settings.staff_secret, _AUDIENCE, LIFETIME, **ids)
    return f"{settings.platform_url}/documents/{token}"


def holder(request: Request, services: Services) -> Principal:
    """Whoever holds a link to a document. The link names tenant and strategy, so it lets nobody see anything else."""
    tenant_id, strategy_id = read(services.settings.staff_secret, str(request.match_info.get("token", "")))
    return Principal(tenant_id, str(strategy_id), "document")


def read(secret: SecretStr, token: str) -> tuple[UUID, UUID]:
    """Tenant and strategy of a link; Unauthenticated when it is wrong or over."""
    claims = tokens.verify(secret, _AUDIENCE, token, ("tid", "sid"))
    try:
        return UUID(claims["tid"]), UUID(claims["sid"])
    except (ValueError, AttributeError):
        raise Unauthenticated("This link is not valid.") from None
