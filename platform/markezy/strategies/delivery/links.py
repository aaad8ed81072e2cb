"""The lead's own links: to their strategy, good for 30 days, and out of the agency's mail. Signed, and good for nothing else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import SecretStr
from sanic import Request

from markezy.kernel import tokens
from markezy.kernel.errors import Unauthenticated
from markezy.kernel.http import Principal, Services
from markezy.kernel.settings import Settings

LIFETIME = timedelta(days=30)
UNSUBSCRIBE_LIFETIME = timedelta(days=2 * 365)
"""Old mail is read again, and has a way out then, too."""
_DOCUMENT = "document"
_UNSUBSCRIBE = "unsubscribe"


@dataclass(frozen=True)
class Leaving:
    """Who wants no more of an agency's mail: the index of their address (`suppression.index_of`), whose it is, and the strategy that went
    there. Links in letters with a strategy name only that, others only the lead.
    """

    tenant_id: UUID
    address_index: bytes
    strategy_id: UUID | None = None
    lead_id: UUID | None = None


def document_url(settings: Settings, tenant_id: UUID, strategy_id: UUID, issued: datetime) -> str:
    """Where the lead reads their strategy for 30 days from then; the same again for the same arguments."""
    ids = {"tid": str(tenant_id), "sid": str(strategy_id)}
    token = tokens.sign_as_of(issued, settings.staff_secret, _DOCUMENT, LIFETIME, **ids)
    return f"{settings.platform_url}/documents/{token}"


def pdf_url(settings: Settings, token: str) -> str:
    """The PDF behind the same link."""
    return f"{settings.platform_url}/documents/{token}/pdf"


def unsubscribe_url(settings: Settings, leaving: Leaving) -> str:
    """Where the lead says that they want no more mail. It names no address."""
    whose = {"sid": leaving.strategy_id, "lid": leaving.lead_id}
    token = tokens.sign(
        settings.staff_secret, _UNSUBSCRIBE, UNSUBSCRIBE_LIFETIME, tid=str(leaving.tenant_id), idx=leaving.address_index.hex(),
        **{name: str(id_) for name, id_ in whose.items() if id_ is not None},
    )  # fmt: skip
    return f"{settings.platform_url}/mail/unsubscribe/{token}"


def holder(request: Request, services: Services) -> Principal:
    """Whoever holds a link to a document. The link names tenant and strategy, so it lets nobody see anything else."""
    tenant_id, strategy_id = read(services.settings.staff_secret, _token(request))
    return Principal(tenant_id, str(strategy_id), _DOCUMENT)


def leaver(request: Request, services: Services) -> Principal:
    """Whoever holds a link out of an agency's mail."""
    leaving = read_leaving(services.settings.staff_secret, _token(request))
    return Principal(leaving.tenant_id, str(leaving.strategy_id or leaving.lead_id), _UNSUBSCRIBE)


def read(secret: SecretStr, token: str) -> tuple[UUID, UUID]:
    """Tenant and strategy of a link; Unauthenticated when it is wrong or over."""
    claims = tokens.verify(secret, _DOCUMENT, token, ("tid", "sid"))
    try:
        return UUID(claims["tid"]), UUID(claims["sid"])
    except (ValueError, AttributeError):
        raise Unauthenticated("This link is not valid.") from None


def read_leaving(secret: SecretStr, token: str) -> Leaving:
    """Who leaves by this link; Unauthenticated when it is wrong or over."""
    claims = tokens.verify(secret, _UNSUBSCRIBE, token, ("tid", "idx"))
    try:
        strategy_id, lead_id = (UUID(claims[name]) if name in claims else None for name in ("sid", "lid"))
        return Leaving(UUID(claims["tid"]), bytes.fromhex(claims["idx"]), strategy_id, lead_id)
    except (ValueError, AttributeError, TypeError):
        raise Unauthenticated("This link is not valid.") from None


def _token(request: Request) -> str:
    return str(request.match_info.get("token", ""))
