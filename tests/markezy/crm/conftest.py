"""The sandbox CRM, listening for real, as the client's other side."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests
from sanic import Sanic

from devstack.sandbox.crm.routes import blueprint
from devstack.sandbox.crm.store import Portal, Store
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
    with serving(app) as url:
        yield SandboxCrm(f"{url}/hubspot", url.removeprefix("http://"), app)


@pytest.fixture
def token() -> str:
    """Each test has an account of its own in the sandbox CRM."""
    return f"pat-{uuid.uuid4().hex}"
