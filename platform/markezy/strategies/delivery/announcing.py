"""Telling the bot that a strategy is ready; the bot tells the lead, in the conversation they came from."""

from uuid import UUID, uuid5

from markezy.kernel.news import post_news
from markezy.kernel.settings import Settings
from markezy.strategies.delivery.links import document_url
from markezy.strategies.model import Strategy


def announce(
    settings: Settings, tenant_id: UUID, conversation_id: UUID, strategy: Strategy, correlation_id: str
) -> None:
    """Post the news. The same strategy always has the same news id, so that the lead hears of it once."""
    data = {"title": strategy.title, "url": document_url(settings, tenant_id, strategy.id)}
    news_id = uuid5(strategy.id, "strategy_ready")
    post_news(settings, tenant_id, conversation_id, news_id, "strategy_ready", data, correlation_id)
