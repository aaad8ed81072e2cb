"""The address that leads back into a conversation, from any device."""

from datetime import timedelta
from urllib.parse import SplitResult, urlsplit, urlunsplit
from uuid import UUID

from markezy.kernel import tokens
from markezy.kernel.settings import Settings

LIFETIME = timedelta(days=14)
_AUDIENCE = "resume"
_FRAGMENT = "markezy-resume"


def resume_url(
    settings: Settings, website: object, page_url: object, tenant_id: UUID, conversation_id: UUID
) -> str | None:
    """The page the conversation began on, if it is the agency's, else the agency's website; None when there is neither.

    Neither address is trusted to be one. The token stands in the fragment: browsers send it to nobody, and no server
    writes it into its log.
    """
    page, own = _web_address(page_url), _web_address(website)
    back_to = page if page is not None and _is_own(settings, own, page) else own
    if back_to is None:
        return None
    token = tokens.sign(settings.service_secret, _AUDIENCE, LIFETIME, tid=str(tenant_id), cid=str(conversation_id))
    return urlunsplit(back_to._replace(fragment=f"{_FRAGMENT}={token}"))


def _web_address(given: object) -> SplitResult | None:
    """A page's address without its fragment; None for anything that is not one, or carries a user name."""
    if not isinstance(given, str):
        return None
    try:
        parts = urlsplit(given.strip())
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return parts._replace(fragment="") if usable and "@" not in parts.netloc and "\\" not in parts.netloc else None


def _is_own(settings: Settings, own: SplitResult | None, page: SplitResult) -> bool:
    """Visitors say which page they are on, and could say any. Private hosts are allowed one by one, as in the demo."""
    if page.netloc in settings.allowed_private_hosts:
        return True
    if own is None:
        return False
    host, domain = page.hostname or "", (own.hostname or "").removeprefix("www.")
    return host == domain or host.endswith(f".{domain}")
