"""One document's way to the agency's language model and back."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection

from markezy.kernel.clock import now
from markezy.kernel.errors import Invalid
from markezy.kernel.logging import get_logger
from markezy.kernel.outgoing import check_url
from markezy.kernel.settings import Settings
from markezy.leads.api import QualifiedLead
from markezy.strategies.enrichment import faults, repository
from markezy.strategies.enrichment.breaker import guarded
from markezy.strategies.enrichment.client import ModelFailed, rewrite
from markezy.strategies.enrichment.enriching import Enriched, Question, apply, question
from markezy.strategies.enrichment.settings import ModelSettings
from markezy.strategies.writing.document import Document

log = get_logger(__name__)

Transaction = Callable[[], AbstractContextManager[Connection]]


def improve(
    transaction: Transaction,
    settings: Settings,
    tenant_id: UUID,
    document: Document,
    lead: QualifiedLead,
    channels: Collection[str],
) -> tuple[Enriched, str] | None:
    """The document with better words, and the model that had them; None when there is no model, no budget left, or no usable answer.

    No transaction is open while the model is asked. Killed in between, what was set aside for the call counts as spent.
    """
    with transaction() as connection:
        model = repository.find_settings(connection, tenant_id)
        if model is None or not model.active:
            return None
        asked = question(document, lead, model.sections)
        if asked is None:
            return None
        month = now().date().replace(day=1)
        most = model.price_of(asked.tokens_in, asked.tokens_out)
        if not repository.reserve(connection, tenant_id, month, most, model.monthly_cap):
            log.info("strategies.model_budget_spent")
            return None
    enriched = _ask(transaction, settings, tenant_id, model, document, asked, channels, month, most)
    if enriched is None or not enriched.changed:
        return None
    return enriched, model.model


def _ask(
    transaction: Transaction,
    settings: Settings,
    tenant_id: UUID,
    model: ModelSettings,
    document: Document,
    asked: Question,
    channels: Collection[str],
    month: date,
    most: Decimal,
) -> Enriched | None:
    cost = Decimal(0)
    try:
        check_url(model.base_url, settings.allowed_private_hosts)
        answer = guarded(
            settings.redis_url.get_secret_value(),
            tenant_id,
            lambda: rewrite(model, document.locale, asked.texts, asked.tokens_out, settings.allowed_private_hosts),
        )
    except (ModelFailed, Invalid) as failure:
        # A server may have worked for an answer that never came: what it asked to be paid is not known then.
        cost = most if str(failure) in MAYBE_PAID else cost
        reason = str(failure) if isinstance(failure, ModelFailed) else "address"
        log.warning("strategies.model_failed", reason=reason)
        if reason != "resting":
            faults.note(settings.redis_url.get_secret_value(), tenant_id, reason)
        return None
    else:
        cost = model.price_of(answer.tokens_in, answer.tokens_out)
        enriched = apply(document, asked, answer, channels)
        log.info(
            "strategies.model_answered", changed=len(enriched.changed), refused=sorted(set(enriched.refused.values()))
        )
        return enriched
    finally:
        with transaction() as connection:
            repository.settle(connection, tenant_id, month, most, cost)


MAYBE_PAID = frozenset({"time_out", "refused", "cut_off", "stopped", "malformed", "other_texts"})
"""Failures after which a server may ask to be paid."""
