"""The HTTP edge: who calls, in which tenant's transaction, and how errors are answered."""

from markezy.kernel.http.calls import (
    Authenticator,
    Call,
    Cookie,
    NotPermitted,
    Principal,
    Reply,
    Services,
    admits,
    anyone,
)
from markezy.kernel.http.edge import correlation_id_of, endpoint
from markezy.kernel.http.service_tokens import service, service_token

__all__ = [
    "Authenticator", "Call", "Cookie", "NotPermitted", "Principal", "Reply", "Services", "admits", "anyone",
    "correlation_id_of", "endpoint", "service", "service_token",
]  # fmt: skip
