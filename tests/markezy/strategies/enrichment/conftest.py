"""Agencies with a language model of their own."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from markezy.kernel.clock import now
from markezy.kernel.db import Database
from markezy.kernel.settings import Settings
from markezy.strategies.enrichment import repository
from markezy.strategies.enrichment.enriching import Enriched
from markezy.strategies.enrichment.service import improve
from markezy.strategies.writing.document import Document
from sqlalchemy import Connection

from tests.markezy.strategies.enrichment.language_model import LanguageModel, settings_for
from tests.markezy.strategies.leads_of_tests import lead


@dataclass
class Author:
    """An agency that has the model rewrite documents."""

    database: Database
    settings: Settings
    tenant_id: UUID

    def transaction(self) -> AbstractContextManager[Connection]:
        return self.database.transaction(self.tenant_id)

    def configure(self, model: LanguageModel, **changed: Any) -> None:
        with self.transaction() as connection:
            repository.save_settings(connection, self.tenant_id, settings_for(model, **changed))

    def improve(self, document: Document, channels: tuple[str, ...] = ()) -> tuple[Enriched, str] | None:
        return improve(self.transaction, self.settings, self.tenant_id, document, lead(), channels)

    def spend(self) -> repository.Spend:
        with self.transaction() as connection:
            return repository.spend_of(connection, self.tenant_id, now().date().replace(day=1))


@pytest.fixture
def make_author(database: Database, settings: Settings, make_tenant: Any, model: LanguageModel) -> Callable[[], Author]:
    reachable = settings.model_copy(update={"private_hosts": model.host})
    return lambda: Author(database, reachable, make_tenant())


@pytest.fixture
def author(make_author: Callable[[], Author], model: LanguageModel) -> Author:
    made = make_author()
    made.configure(model)
    return made
