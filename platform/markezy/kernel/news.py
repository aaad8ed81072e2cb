"""Telling the bot something that happened outside of the conversation; the bot tells the lead (docs/conversation.md, "News")."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import requests

from markezy.kernel.http import service_token
from markezy.kernel.settings import Settings

_TIMEOUT = (3, 30)
"""Seconds to connect and to answer; the bot answers when its turn is done."""
_WORTH_ANOTHER_TRY = frozenset({401, 408, 409, 423, 425, 429})


class NotTold(Exception):
    """The bot did not take the news; `final` when another try would end the same. The text holds no personal data."""

    def __init__(self, reason: str, final: bool) -> None:
        super().__init__(reason)
        self.final = final

    def __reduce__(self) -> tuple[Any, ...]:
        # Celery sends errors between its processes.
        return type(self), (str(self), self.final)


def post_news(
    settings: Settings,
    tenant_id: UUID,
    conversation_id: UUID,
    news_id: UUID,
    intent: str,
    data: Mapping[str, object],
    correlation_id: str,
) -> None:
    """Post one piece of news to a conversation, or raise NotTold. The same `news_id` again is taken once."""
    headers = {
        "Authorization": f"Bearer {service_token(settings, 'worker', 'bot', tenant_id)}",
        "X-Correlation-Id": correlation_id,
    }
    try:
        answer = requests.post(
            f"{settings.bot_url}/webhooks/news/conversations/{conversation_id}",
            json={"id": str(news_id), "intent": intent, "data": dict(data)},
            headers=headers, timeout=_TIMEOUT, allow_redirects=False, verify=settings.tls_ca or True,
        )  # fmt: skip
    except requests.RequestException as error:
        raise NotTold(f"the bot can't be reached ({type(error).__name__})", final=False) from None
    if answer.status_code != 200:
        final = 400 <= answer.status_code < 500 and answer.status_code not in _WORTH_ANOTHER_TRY
        raise NotTold(f"the bot answered {answer.status_code}", final)
