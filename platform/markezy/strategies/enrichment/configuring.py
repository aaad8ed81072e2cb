"""What an agency may configure of its language model, over HTTP and on the console's page alike, and how it stands. The key goes in and
never comes out."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from redis import Redis, RedisError
from sqlalchemy import Connection

from markezy.kernel.clock import now
from markezy.kernel.errors import Invalid, NotFound
from markezy.kernel.outgoing import check_url
from markezy.kernel.settings import Settings
from markezy.strategies.enrichment import breaker, faults, repository
from markezy.strategies.enrichment.settings import ENRICHABLE, ModelSettings

_Money = Annotated[Decimal, Field(ge=0, le=1_000_000, max_digits=10, decimal_places=4)]


class ModelValues(BaseModel):
    """An OpenAI-compatible endpoint. Without `api_key` the one that is kept already goes on being used, at the same host."""

    model_config = ConfigDict(extra="forbid")

    base_url: str = Field(min_length=1, max_length=500)
    model: str = Field(min_length=1, max_length=200, pattern=r"^[!-~]+$")
    api_key: str | None = Field(None, min_length=1, max_length=500, pattern=r"^[!-~]+$")
    sections: list[Literal["summary", "situation", "audience", "positioning", "content", "next"]] = Field(min_length=1)
    monthly_cap: _Money
    price_in: _Money
    price_out: _Money
    active: bool = True


class AddressRefused(Invalid):
    """The endpoint's address is none that may be called."""


class KeyMissing(Invalid):
    """There is no key yet for this endpoint."""


@dataclass(frozen=True)
class Standing:
    """How the model has done: this month's cost, until when nothing is asked of it (None: it may be asked), and its last failures,
    newest first. `known` is false when Redis, which keeps the last two, does not answer."""

    month: date
    spend: repository.Spend
    rests_until: datetime | None
    faults: tuple[faults.Fault, ...]
    known: bool


def configure(connection: Connection, tenant_id: UUID, settings: Settings, values: ModelValues) -> ModelSettings:
    """Keep these settings. AddressRefused when the address leads into a private network; KeyMissing when no key was ever given, or the
    one there is was given for another host: it is not sent where nobody meant it to go."""
    try:
        check_url(values.base_url, settings.allowed_private_hosts)
    except Invalid as error:
        raise AddressRefused(error.detail) from None
    known = repository.find_settings(connection, tenant_id)
    key = values.api_key or (known.api_key if known else None)
    if key is None:
        raise KeyMissing("The first time, the model's api_key has to be given.")
    if values.api_key is None and known is not None and _host(known.base_url) != _host(values.base_url):
        raise KeyMissing("Another host needs its api_key: the one that is kept was given for the host before.")
    given = values.model_dump(exclude={"api_key", "sections"})
    sections = tuple(one for one in ENRICHABLE if one in values.sections)
    kept = ModelSettings(**given, api_key=key, sections=sections)
    repository.save_settings(connection, tenant_id, kept)
    return kept


def forget(connection: Connection, redis: Redis, tenant_id: UUID) -> None:
    """Forget the model, its key and its failures; what it has cost stays. NotFound when there is none."""
    if not repository.remove_settings(connection, tenant_id):
        raise NotFound("No language model is configured.")
    with suppress(RedisError):  # they are forgotten by themselves later
        faults.forget(redis, tenant_id)


def standing(connection: Connection, redis: Redis, tenant_id: UUID) -> Standing:
    """How the agency's model stands now."""
    month = now().date().replace(day=1)
    spend = repository.spend_of(connection, tenant_id, month)
    try:
        rests = breaker.rests_until(redis, tenant_id)
        return Standing(month, spend, rests, tuple(faults.latest(redis, tenant_id)), known=True)
    except RedisError:
        return Standing(month, spend, None, (), known=False)


def _host(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port
