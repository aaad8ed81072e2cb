"""Asking an agency's model once, with a sentence about nobody, so that its staff see whether it answers and how it writes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from redis import Redis, RedisError
from sqlalchemy import Connection

from markezy.kernel.clock import now
from markezy.kernel.errors import Invalid, NotFound
from markezy.kernel.outgoing import check_url
from markezy.kernel.settings import Settings
from markezy.strategies.enrichment import breaker, repository
from markezy.strategies.enrichment.client import ModelFailed, rewrite
from markezy.strategies.enrichment.guard import offence_of
from markezy.strategies.enrichment.service import MAYBE_PAID, Transaction
from markezy.strategies.enrichment.settings import ModelSettings

_ID = "sample"
_SENTENCES = {
    "en": "Most of your customers look for you on their phones in the evening, so a page that loads quickly and says at "
    "once what you offer will win more of them than another advertisement.",
    "fr": "La plupart de vos clients vous cherchent le soir sur leur téléphone : une page qui s’affiche vite et dit tout de "
    "suite ce que vous proposez en convaincra plus qu’une publicité de plus.",
    "es": "La mayoría de sus clientes le busca por la noche en el móvil: una página que carga rápido y dice enseguida lo que "
    "usted ofrece convencerá a más de ellos que otro anuncio.",
}
_TOKENS_IN, _TOKENS_OUT = 800, 400
"""More than the question and its answer take."""
BUDGET = "budget"
"""Why nothing was asked: the month's cap does not allow it."""
ADDRESS = "address"


@dataclass(frozen=True)
class Trial:
    """What was set aside for asking."""

    settings: ModelSettings
    month: date
    most: Decimal
    locale: str


@dataclass(frozen=True)
class Tried:
    """What came of it: the words sent and the words that came back, or one word on why none did. `kept` is false when the model wrote
    something that would not have got into a strategy."""

    reason: str | None
    before: str = ""
    after: str = ""
    kept: bool = True
    cost: Decimal = Decimal(0)


def prepare(connection: Connection, tenant_id: UUID, locale: str) -> Trial | None:
    """Set aside what a trial may cost; None when the cap does not allow it. NotFound without a model. Follow it with `ask`."""
    settings = repository.find_settings(connection, tenant_id)
    if settings is None:
        raise NotFound("No language model is configured.")
    trial = Trial(settings, now().date().replace(day=1), settings.price_of(_TOKENS_IN, _TOKENS_OUT), locale)
    reserved = repository.reserve(connection, tenant_id, trial.month, trial.most, settings.monthly_cap)
    return trial if reserved else None


def ask(transaction: Transaction, settings: Settings, redis: Redis, tenant_id: UUID, trial: Trial) -> Tried:
    """Ask, and note what it cost. Call it with no transaction open. The breaker is not asked: whoever tries wants to know how things are
    now; a good answer closes it."""
    sentence = _SENTENCES[trial.locale]
    cost = Decimal(0)
    try:
        check_url(trial.settings.base_url, settings.allowed_private_hosts)
        answer = rewrite(
            trial.settings, trial.locale, {_ID: sentence}, _TOKENS_OUT, settings.allowed_private_hosts, _PATIENCE
        )
    except ModelFailed as failure:
        reason = str(failure)
        cost = trial.most if reason in MAYBE_PAID else cost
        return Tried(reason, cost=cost)
    except Invalid:
        return Tried(ADDRESS)
    else:
        cost = trial.settings.price_of(answer.tokens_in, answer.tokens_out)
        _close(redis, tenant_id)
        after = answer.texts.get(_ID, sentence)
        return Tried(None, sentence, after, offence_of(sentence, after, trial.locale, ()) is None, cost)
    finally:
        with transaction() as connection:
            repository.settle(connection, tenant_id, trial.month, trial.most, cost)


def _close(redis: Redis, tenant_id: UUID) -> None:
    try:
        breaker.close(redis, tenant_id)
    except RedisError:
        return


_PATIENCE = 15.0
"""Seconds: somebody is waiting in front of the page."""
