"""The sandbox CRM, listening for real, as the client's other side; and a lead who is brought there."""

import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
import requests
from markezy.crm import api
from markezy.crm import tasks as _crm_tasks  # noqa: F401 - importing names the tasks
from markezy.kernel import task
from markezy.kernel.db import Database
from markezy.kernel.events import read_stream
from markezy.kernel.outbox import enqueue
from markezy.kernel.settings import Settings
from markezy.leads import api as leads
from markezy.privacy import api as privacy
from markezy.privacy import tasks as _privacy_tasks  # noqa: F401
from markezy.strategies import api as strategies
from sanic import Sanic
from sqlalchemy import text

from devstack.sandbox.crm.page import blueprint as page
from devstack.sandbox.crm.routes import blueprint
from devstack.sandbox.crm.store import Portal, Record, Store
from tests.markezy.console.rows import add_flow_version, add_strategy
from tests.markezy.leads.conversations import Conversation, ReadModel
from tests.markezy.serving import serving


@dataclass(frozen=True)
class SandboxCrm:
    url: str
    host: str
    app: Sanic

    def portal(self, token: str) -> Portal:
        return self.app.ctx.crm.portal(token)

    def fail_next(self, *faults: dict) -> None:
        requests.post(f"{self.url}/sandbox/faults", json=list(faults), timeout=5).raise_for_status()


@pytest.fixture(scope="session")
def sandbox_crm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxCrm]:
    app = Sanic("crm-under-test", configure_logging=False)
    app.ctx.crm = Store(tmp_path_factory.mktemp("crm") / "crm.json")
    app.ctx.crm_faults = []
    app.blueprint(blueprint)
    app.blueprint(page)
    with serving(app) as url:
        yield SandboxCrm(f"{url}/hubspot", url.removeprefix("http://"), app)


@pytest.fixture
def token() -> str:
    """Each test has an account of its own in the sandbox CRM."""
    return f"pat-{uuid.uuid4().hex}"


@dataclass
class Case:
    """A lead with a strategy, and the agency's account in a CRM."""

    database: Database
    settings: Settings
    tenant_id: UUID
    lead_id: UUID
    strategy_id: UUID
    connection_id: UUID
    crm: Any
    token: str

    def sync(self) -> None:
        """Run the sync as a worker does; an answer the CRM did not give is no surprise."""
        self._run("crm.sync", strategy_id=str(self.strategy_id))

    def look(self) -> None:
        """Have the CRM asked what became of our deals, as a worker does."""
        self._run("crm.look_back", connection_id=str(self.connection_id))

    @property
    def deal(self) -> Record:
        """What the sync made in the CRM."""
        (found,) = self.portal.records["deals"].values()
        return found

    @property
    def portal(self) -> Portal:
        found: Portal = self.crm.portal(self.token)
        return found

    def move(self, stage: str = "", **properties: str) -> None:
        """Change the deal as sales people do."""
        self.portal.update(self.deal, properties | ({"dealstage": stage} if stage else {}))

    def outcomes(self, strategy_id: UUID | None = None) -> list[tuple[str, str, str | None]]:
        """Kind, source and what was paid, as the strategy's page shows them."""
        with self.database.transaction(self.tenant_id) as connection:
            found = strategies.get_strategy(connection, self.tenant_id, strategy_id or self.strategy_id).outcomes
        return [(one.kind, one.source, None if one.amount is None else f"{one.amount} {one.currency}") for one in found]

    def told(self) -> list[Any]:
        """The outcomes in the leads' streams, opened, in order."""
        ids = [row[0] for row in self.rows("SELECT DISTINCT stream_id FROM event WHERE stream_type = 'lead'")]
        with self.database.transaction(self.tenant_id) as connection:
            events = [one for id_ in ids for one in read_stream(connection, self.tenant_id, id_)]
        return [one for one in events if one.type == "strategy.outcome_recorded"]

    def health(self) -> api.LookBack:
        with self.database.transaction(self.tenant_id) as connection:
            return api.look_backs(connection, self.tenant_id)[self.connection_id]

    def ask(self) -> None:
        with self.database.transaction(self.tenant_id) as connection:
            privacy.request_erasure(
                connection, self.tenant_id, self.lead_id, "staff:x", privacy.Reason.STAFF, "correlation-1"
            )

    def erase(self) -> privacy.Erasure:
        """Do what was asked for, long after every sync has ended."""
        self.rows("UPDATE crm_sync SET updated_at = now() - interval '1 hour' RETURNING 1")
        for row_id, payload in self.rows(
            "SELECT id, payload FROM outbox WHERE task = 'privacy.erase' AND completed_at IS NULL AND failed_at IS NULL"
        ):
            self.work("privacy.erase", row_id, payload)
        return self.erasure()

    def erasure(self) -> privacy.Erasure:
        with self.database.transaction(self.tenant_id) as connection:
            return privacy.erasure_of(connection, self.tenant_id, self.lead_id)

    def held(self) -> dict[str, int]:
        """How many records the CRM has, by kind."""
        return {kind: len(found) for kind, found in self.crm.portal(self.token).records.items()}

    def rows(self, sql: str) -> list[Any]:
        with self.database.transaction(self.tenant_id) as connection:
            return list(connection.execute(text(sql)).tuples())

    def _run(self, name: str, **payload: str) -> None:
        with self.database.transaction(self.tenant_id) as connection:
            row_id = enqueue(connection, self.tenant_id, name, payload, "correlation-1")
        self.work(name, row_id, payload)

    def work(self, name: str, row_id: UUID, payload: dict[str, str]) -> None:
        call = task.TaskCall(self.tenant_id, row_id, "correlation-1", self.settings, self.database)
        with suppress(api.CrmError):
            task.run(name, call, payload)


@pytest.fixture
def case(
    database: Database, relay_database: Database, settings: Settings, tenant_id: UUID, sandbox_crm: Any, token: str
) -> Case:
    with database.transaction(tenant_id) as connection:
        flow_version_id = add_flow_version(connection, tenant_id)
    lead = Conversation(database, tenant_id, flow_version_id=flow_version_id).start().complete()
    ReadModel(database, relay_database).catch_up()
    with database.transaction(tenant_id) as connection:
        leads.record_qualified(connection, tenant_id, lead.lead_id, lead.qualified(), "correlation-1")
        strategy_id = add_strategy(connection, tenant_id, lead.lead_id, "Plan")
        connection_id = api.add_connection(
            connection, tenant_id, "hubspot", "HubSpot", sandbox_crm.url, token, frozenset({sandbox_crm.host})
        )
    reachable = settings.model_copy(update={"private_hosts": sandbox_crm.host})
    return Case(database, reachable, tenant_id, lead.lead_id, strategy_id, connection_id, sandbox_crm, token)
