import json
import stat
from pathlib import Path

import pytest

from devstack import credentials
from devstack.configuration import Configuration, configure, with_login


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    return configure({"MARKEZY_PORT": "21000", "MARKEZY_BOT_PORT": "21200"}, tmp_path)


def test_secrets_are_generated_once_and_only_their_owner_may_read_them(tmp_path: Path) -> None:
    first = credentials.load_or_create(tmp_path)
    path = tmp_path / "secrets.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert credentials.load_or_create(tmp_path) == first
    assert len(set(first.values())) == len(first)


def test_secrets_that_others_could_read_are_closed_again(tmp_path: Path) -> None:
    credentials.load_or_create(tmp_path)
    path = tmp_path / "secrets.json"
    path.chmod(0o644)
    credentials.load_or_create(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_secret_that_a_new_version_needs_is_added_and_the_others_stay(tmp_path: Path) -> None:
    first = credentials.load_or_create(tmp_path)
    path = tmp_path / "secrets.json"
    path.write_text(json.dumps({name: value for name, value in first.items() if name != "MARKEZY_STAFF_SECRET"}))
    second = credentials.load_or_create(tmp_path)
    assert second.pop("MARKEZY_STAFF_SECRET") != first.pop("MARKEZY_STAFF_SECRET")
    assert second == first


@pytest.mark.parametrize(
    ("process", "secrets"),
    [
        (
            "rasa",
            {
                "MARKEZY_SERVICE_SECRET",
                "MARKEZY_VISITOR_SECRET",
                "DATABASE_URL",
                "REDIS_URL",
                "MARKEZY_MASTER_KEY_FILE",
            },
        ),
        ("actions", {"MARKEZY_SERVICE_SECRET"}),
        ("sandbox", set()),
    ],
)
def test_a_process_is_told_its_own_secrets_only(configuration: Configuration, process: str, secrets: set[str]) -> None:
    environment = configuration.environment(process)
    told = {
        name for name in environment if name.endswith(("_SECRET", "_KEY", "_KEY_FILE", "DATABASE_URL", "REDIS_URL"))
    }
    assert told == secrets


def test_only_the_relay_gets_the_relays_role_and_nobody_running_gets_the_owners(configuration: Configuration) -> None:
    running = ("web", "worker", "beat", "relay", "rasa", "actions", "sandbox")
    environments = {name: configuration.environment(name) for name in running}
    assert [name for name in running if "MARKEZY_RELAY_DATABASE_URL" in environments[name]] == ["relay"]
    assert not any(configuration.owner_url in environment.values() for environment in environments.values())


def test_a_users_own_databases_replace_the_embedded_ones(tmp_path: Path) -> None:
    theirs = {
        "DATABASE_URL": "postgresql://owner:p@db.example:6543/crm?sslmode=require",
        "REDIS_URL": "redis://cache:1",
    }
    configuration = configure({"MARKEZY_PORT": "21000", **theirs}, tmp_path)
    assert configuration.postgres is None
    assert configuration.redis is None
    assert configuration.owner_url == theirs["DATABASE_URL"]
    environment = configuration.environment("web")
    assert environment["REDIS_URL"] == "redis://cache:1"
    assert environment["DATABASE_URL"].startswith("postgresql://markezy_app:")
    assert environment["DATABASE_URL"].endswith("@db.example:6543/crm?sslmode=require")


def test_a_login_replaces_user_and_password_however_they_are_written() -> None:
    assert (
        with_login("postgresql://u:p%40ss@[::1]:5432/db", "app", "a/b@c") == "postgresql://app:a%2Fb%40c@[::1]:5432/db"
    )
    assert with_login("postgresql:///db?host=/run", "app", "x") == "postgresql://app:x@/db?host=/run"
