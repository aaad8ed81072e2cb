"""Agencies with one staff member per role, and the accounts' routes behind a real socket."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
import requests
from aiosmtpd.controller import Controller
from argon2 import PasswordHasher
from markezy.accounts import passwords
from markezy.accounts.api import Role, add_user
from markezy.accounts.authentication import staff
from markezy.accounts.roles import GRANTS
from markezy.accounts.routes import blueprint
from markezy.kernel.db import Database
from markezy.kernel.http import Reply, Services, endpoint
from markezy.kernel.settings import Settings
from pydantic import SecretStr
from redis import Redis
from sanic import Sanic

from devstack.servers import free_port
from tests.markezy.accounts.agencies import PASSWORD, Agency
from tests.markezy.accounts.post_office import PostOffice
from tests.markezy.handover.mailbox import Mailbox
from tests.markezy.serving import serving


@pytest.fixture
def make_agency(database: Database, make_tenant: Callable[[], UUID]) -> Callable[..., Agency]:
    """Create an agency with a staff member for each named role."""

    def make(*roles: str) -> Agency:
        agency = Agency(make_tenant())
        with database.transaction(agency.tenant_id) as connection:
            for role in roles or (Role.OWNER,):
                user = add_user(
                    connection, agency.tenant_id,
                    email=agency.email(role), name=role.title(), role=role, password=PASSWORD,
                )  # fmt: skip
                agency.users[role] = user.id
        return agency

    return make


@pytest.fixture
def costly_passwords(hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Passwords are hashed with all the work that the product takes for it."""
    monkeypatch.setattr(passwords, "_hasher", hasher)
    passwords._decoy.cache_clear()
    yield
    passwords._decoy.cache_clear()


@pytest.fixture(scope="session")
def services(settings: Settings, database: Database) -> Services:
    return Services(settings, database, Redis.from_url(settings.redis_url.get_secret_value()))


@pytest.fixture(scope="session")
def base_url(services: Services) -> Iterator[str]:
    """The accounts' routes, plus one route for each permission that answers who came through."""
    app = Sanic("accounts-under-test", configure_logging=False)
    app.ctx.services = services
    app.blueprint(blueprint)
    for permission in GRANTS:
        guarded = endpoint(staff(permission))(
            lambda call: Reply(200, {"tenant_id": call.tenant_id, "id": call.principal.id})
        )
        app.add_route(guarded, f"/guarded/{permission}", methods=["GET", "POST"], name=permission.replace(".", "_"))
    with serving(app) as url:
        yield url


@pytest.fixture
def post(base_url: str) -> Callable[..., requests.Response]:
    """POST a JSON body to an auth route."""

    def send(path: str, body: object = None, token: str | None = None) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return requests.post(f"{base_url}/api/v1/auth/{path}", json=body, headers=headers, timeout=20)

    return send


@pytest.fixture
def log_in(post: Callable[..., requests.Response]) -> Callable[[str], dict[str, str]]:
    """Log in with the right password and give the tokens."""

    def log_in_as(email: str) -> dict[str, str]:
        answer = post("login", {"email": email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return answer.json()

    return log_in_as


@pytest.fixture
def get(base_url: str) -> Callable[..., requests.Response]:
    """GET a path with an access token."""

    def fetch(path: str, token: str | None = None, **options: object) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return requests.get(base_url + path, headers=headers, timeout=20, **options)

    return fetch


@pytest.fixture
def ask(base_url: str) -> Callable[..., requests.Response]:
    """Send any request with a token and a JSON body."""

    def send(
        method: str, path: str, token: str | None = None, body: object = None, **headers: str
    ) -> requests.Response:
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return requests.request(method, f"{base_url}/api/v1{path}", json=body, headers=headers, timeout=20)

    return send


@pytest.fixture
def post_office(database: Database, settings: Settings) -> Iterator[PostOffice]:
    """A mail server and the worker's side of the outbox."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.url = f"smtp://127.0.0.1:{controller.port}"
    yield PostOffice(database, settings.model_copy(update={"smtp_url": SecretStr(box.url)}), box)
    controller.stop()


@pytest.fixture(autouse=True)
def _no_failed_logins_yet(redis: Redis) -> None:
    """All tests come from one address, whose failures must not add up over them."""
    for key in redis.scan_iter("markezy:login:*"):
        redis.delete(key)
