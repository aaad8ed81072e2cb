"""The address that leads back into a conversation, from any device."""

from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

from markezy.kernel import tokens
from markezy.kernel.settings import Settings

LIFETIME = timedelta(days=14)
_AUDIENCE = "resume"
_FRAGMENT = "markezy-resume"


def resume_url(
    settings: Settings, website: str | None, page_url: str | None, tenant_id: UUID, conversation_id: UUID
) -> str | None:
    """The page the conversation began on, if it is the agency's, else the agency's website; None when there is neither.

    The token stands in the fragment: browsers send it to nobody, and no server writes it into its log.
    """
    page = _page(settings, website, page_url)
    if page is None:
        return None
    token = tokens.sign(settings.service_secret, _AUDIENCE, LIFETIME, tid=str(tenant_id), cid=str(conversation_id))
    return f"{page}#{_FRAGMENT}={token}"


def _page(settings: Settings, website: str | None, page_url: str | None) -> str | None:
    began_on = urlsplit(page_url or "")
    own = urlsplit(website or "")
    if began_on.scheme in ("http", "https") and began_on.hostname and _is_own(settings, own.hostname, began_on.netloc):
        return urlunsplit((began_on.scheme, began_on.netloc, began_on.path, began_on.query, ""))
    if own.scheme in ("http", "https") and own.hostname:
        return urlunsplit((own.scheme, own.netloc, own.path, own.query, ""))
    return None


def _is_own(settings: Settings, own_host: str | None, netloc: str) -> bool:
    """Visitors say which page they are on, and could say any. Private hosts are allowed one by one, as in the demo."""
    if netloc in settings.allowed_private_hosts:
        return True
    host = urlsplit(f"//{netloc}").hostname or ""
    return bool(own_host) and (host == own_host or host.endswith(f".{own_host}"))
