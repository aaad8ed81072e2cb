"""Telling the bot that a strategy is ready; the bot tells the lead, in the conversation they came from."""

from uuid import UUID, uuid5

import requests

from markezy.kernel.http import service_token
from markezy.kernel.settings import Settings
from markezy.strategies.links import document_url
from markezy.strategies.model import Strategy

_TIMEOUT = (3, 30)
"""Seconds to connect and to answer; the bot answers when its turn is done."""
_WORTH_ANOTHER_TRY = frozenset({401, 408, 409, 423, 425, 429})


class NotAnnounced(Exception):
    """The bot did not take the news; `final` when another try would end the same. The text holds no personal data."""

    def __init__(self, reason: str, final: bool) -> None:
        super().__init__(reason)
        self.final = final


def announce(
    settings: Settings, tenant_id: UUID, conversation_id: UUID, strategy: Strategy, correlation_id: str
) -> None:
    """Post the news. The same strategy always has the same news id, so that the lead hears of it once."""
    body = {
        "id": str(uuid5(strategy.id, "strategy_ready")),
        "intent": "strategy_ready",
        "data": {"title": strategy.title, "url": document_url(settings, tenant_id, strategy.id)},
    }
    headers = {
        "Authorization": f"Bearer {service_token(settings, 'worker', 'bot', tenant_id)}",
        "X-Correlation-Id": correlation_id,
    }
    try:
        answer = requests.post(
            f"{settings.bot_url}/webhooks/news/conversations/{conversation_id}",
            json=body, headers=headers, timeout=_TIMEOUT, allow_redirects=False,
        )  # fmt: skip
    except requests.RequestException as error:
        raise NotAnnounced(f"the bot can't be reached ({type(error).__name__})", final=False) from None
    if answer.status_code != 200:
        final = 400 <= answer.status_code < 500 and answer.status_code not in _WORTH_ANOTHER_TRY
        raise NotAnnounced(f"the bot answered {answer.status_code}", final)
