"""Telling the bot that a strategy is ready; the bot tells the lead, in the conversation they came from."""

from datetime import datetime
from uuid import UUID, uuid5

from markezy.kernel.news import post_news
from markezy.kernel.settings import Settings
from markezy.strategies.delivery.links import document_url
from markezy.strategies.model import Strategy


def announce(
    settings: Settings,
    tenant_id: UUID,
    conversation_id: UUID,
    strategy: Strategy,
    first_tried: datetime,
    correlation_id: str,
) -> None:
    """Post the news. Every try says the same under the same id: the bot takes it once, and refuses the id with other words."""
    data = {"title": strategy.title, "url": document_url(settings, tenant_id, strategy.id, first_tried)}
    news_id = uuid5(strategy.id, "strategy_ready")
    post_news(settings, tenant_id, conversation_id, news_id, "strategy_ready", data, correlation_id)
