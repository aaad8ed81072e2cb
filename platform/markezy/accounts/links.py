"""One-time links: what an invitation or a password reset is proved by.

The proof is a keyed hash over the row it belongs to, so a link can be written again when a letter has to be sent again, and nothing
that opens an account lies in the database, the queue or a log.
"""

import base64
import hashlib
import hmac
from uuid import UUID

from markezy.kernel.settings import Settings

INVITATION = "invitation"
RESET = "reset"

_PAGES = {INVITATION: "/console/invitation", RESET: "/console/reset"}
_PROOF_BYTES = 32
_WHOLE = 2 * 16 + _PROOF_BYTES


def url(settings: Settings, purpose: str, token: str) -> str:
    """The page that takes the token."""
    return f"{settings.platform_url}{_PAGES[purpose]}/{token}"


def token_for(settings: Settings, purpose: str, tenant_id: UUID, row_id: UUID, round_: int = 1) -> str:
    """The token of a row; of another `round_` it is another one."""
    whole = tenant_id.bytes + row_id.bytes + _proof(settings, purpose, tenant_id, row_id, round_)
    return base64.urlsafe_b64encode(whole).decode().rstrip("=")


def row_of(token: str) -> tuple[UUID, UUID] | None:
    """The tenant and the row a token names, proved or not; None for anything that is no token."""
    whole = _decoded(token)
    return None if whole is None else (UUID(bytes=whole[:16]), UUID(bytes=whole[16:32]))


def is_proof(settings: Settings, token: str, purpose: str, tenant_id: UUID, row_id: UUID, round_: int = 1) -> bool:
    """Whether we wrote this token for this row."""
    whole = _decoded(token) or bytes(_WHOLE)
    return hmac.compare_digest(whole[32:], _proof(settings, purpose, tenant_id, row_id, round_))


def _decoded(token: str) -> bytes | None:
    try:
        whole = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    return whole if len(whole) == _WHOLE else None


def _proof(settings: Settings, purpose: str, tenant_id: UUID, row_id: UUID, round_: int) -> bytes:
    what = f"markezy one-time link/{purpose}/{tenant_id}/{row_id}/{round_}"
    return hmac.digest(settings.staff_secret.get_secret_value().encode(), what.encode(), hashlib.sha256)
