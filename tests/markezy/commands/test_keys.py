"""Keys of every level are replaced, and what was sealed before still opens."""

import base64
import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import jwt
import pytest
from markezy import cli
from markezy.kernel import personal
from markezy.kernel.db import Database, open_database
from markezy.kernel.ids import new_id
from markezy.kernel.settings import Settings
from sqlalchemy import text

from envelope.master import ids_in
from tests.envelope.vault import Vault
from tests.markezy.conftest import MakeTenant


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Path:
    file = tmp_path / "keys"
    file.write_text(settings.master_key.get_secret_value())
    for name, value in (
        ("DATABASE_URL", settings.database_url.get_secret_value()),
        ("REDIS_URL", settings.redis_url.get_secret_value()),
        ("MARKEZY_SERVICE_SECRET", settings.service_secret.get_secret_value()),
        ("MARKEZY_STAFF_SECRET", settings.staff_secret.get_secret_value()),
        ("MARKEZY_MASTER_KEY_FILE", str(file)),
    ):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("MARKEZY_MASTER_KEY")
    return file


def seal(database: Database, tenant_id: UUID, lead_id: UUID) -> bytes:
    with database.transaction(tenant_id) as connection:
        keys = personal.for_writing(connection, tenant_id, [lead_id])[lead_id]
        return personal.seal(keys, "Zoé", "x.y", tenant_id)


def opened(database: Database, tenant_id: UUID, lead_id: UUID, box: bytes) -> object:
    with database.transaction(tenant_id) as connection:
        return personal.unseal(personal.keys_of_one(connection, tenant_id, lead_id), box, "x.y", tenant_id)


def test_a_new_master_key_wraps_what_the_old_one_wrapped_while_processes_run(tenant_id: UUID, key_file: Path) -> None:
    running = open_database(Settings())
    lead, late = new_id(), new_id()
    box = seal(running, tenant_id, lead)
    assert cli.main(["keys", "rotate", "master", "--tenant", f"t-{tenant_id}"]) == 0
    assert len(key_file.read_text().split()) == 2
    assert key_file.stat().st_mode & 0o077 == 0
    assert opened(running, tenant_id, lead, box) == "Zoé"
    # Whoever starts with the new key alone opens everything: the old one may go.
    key_file.write_text(key_file.read_text().split()[0])
    fresh = open_database(Settings())
    assert opened(fresh, tenant_id, lead, box) == "Zoé"
    assert opened(fresh, tenant_id, late, seal(running, tenant_id, late)) == "Zoé"
    for database in (running, fresh):
        database.dispose()


def test_an_agency_s_new_key_wraps_its_leads_keys(
    database: Database, tenant_id: UUID, make_tenant: MakeTenant, key_file: Path
) -> None:
    leads, other = [new_id() for _ in range(3)], make_tenant()
    boxes = {lead: seal(database, tenant_id, lead) for lead in leads}
    seal(database, other, leads[0])
    assert cli.main(["keys", "rotate", "tenant", "--tenant", f"t-{tenant_id}"]) == 0
    for tenant, versions in ((tenant_id, {2}), (other, {1})):
        with database.transaction(tenant) as connection:
            assert set(connection.execute(text("SELECT tenant_version FROM lead_key")).scalars()) == versions
    assert {opened(database, tenant_id, lead, box) for lead, box in boxes.items()} == {"Zoé"}
    assert cli.main(["keys", "rotate", "tenant", "--tenant", f"t-{tenant_id}"]) == 0
    assert {opened(database, tenant_id, lead, box) for lead, box in boxes.items()} == {"Zoé"}


def test_a_lead_s_new_key_seals_from_now_on(database: Database, tenant_id: UUID, key_file: Path) -> None:
    lead = new_id()
    before = seal(database, tenant_id, lead)
    assert cli.main(["keys", "rotate", "lead", "--tenant", f"t-{tenant_id}", "--lead", str(lead)]) == 0
    after = seal(database, tenant_id, lead)
    assert before != after
    assert [opened(database, tenant_id, lead, box) for box in (before, after)] == ["Zoé", "Zoé"]


def test_an_erased_lead_gets_no_new_key(
    database: Database, tenant_id: UUID, key_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lead = new_id()
    box = seal(database, tenant_id, lead)
    with database.transaction(tenant_id) as connection:
        personal.destroy(connection, tenant_id, lead)
    for which in ("lead", "tenant"):
        assert cli.main(["keys", "rotate", which, "--tenant", f"t-{tenant_id}"]) == 0
    assert opened(database, tenant_id, lead, box) is None
    assert "0 leads have a new key" in capsys.readouterr().out


def test_a_lead_is_named_with_its_agency(key_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["keys", "rotate", "lead", "--lead", str(new_id())]) == 2
    assert "--tenant" in capsys.readouterr().err
    assert cli.main(["keys", "rotate", "tenant", "--tenant", "nobody"]) == 2
    assert base64.b64decode(key_file.read_text())


def test_a_master_key_that_still_wraps_something_stays(
    tenant_id: UUID, make_tenant: MakeTenant, database: Database, key_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = make_tenant()
    for tenant in (tenant_id, other):
        seal(database, tenant, new_id())
    (old,) = ids_in(key_file.read_text())
    assert cli.main(["keys", "retire", old]) == 2
    assert "current" in capsys.readouterr().err
    assert cli.main(["keys", "rotate", "master", "--tenant", f"t-{tenant_id}"]) == 0
    assert cli.main(["keys", "masters"]) == 0
    assert old in capsys.readouterr().out
    assert cli.main(["keys", "retire", old]) == 2
    assert re.search(rf"{old} still wraps [1-9]\d* keys", capsys.readouterr().err)
    assert len(key_file.read_text().split()) == 2


def test_a_master_key_that_wraps_nothing_goes(
    tenant_id: UUID, key_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key_file.write_text(f"{base64.b64encode(os.urandom(32)).decode()}\n{key_file.read_text()}")
    old, other = ids_in(key_file.read_text())
    running, lead = open_database(Settings()), new_id()
    box = seal(running, tenant_id, lead)
    assert cli.main(["keys", "rotate", "master", "--tenant", f"t-{tenant_id}"]) == 0
    new, *_ = ids_in(key_file.read_text())
    assert cli.main(["keys", "retire", old]) == 0
    assert ids_in(key_file.read_text()) == [new, other]
    assert key_file.stat().st_mode & 0o077 == 0
    fresh = open_database(Settings())
    for opening in (running, fresh):
        assert opened(opening, tenant_id, lead, box) == "Zoé"
        opening.dispose()
    capsys.readouterr()
    assert cli.main(["keys", "retire", old]) == 2
    assert old in capsys.readouterr().err


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    running = Vault(tmp_path)
    yield running
    running.close()


def test_keys_move_into_a_kms_follow_its_rotation_and_leave_nothing_behind(
    make_tenant: MakeTenant, database: Database, key_file: Path, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant_id, lead = make_tenant(), new_id()
    box = seal(database, tenant_id, lead)
    for name, value in vault.environment.items():
        monkeypatch.setenv(name, value)
    only = ["--tenant", f"t-{tenant_id}"]
    assert cli.main(["keys", "rotate", "master", *only]) == 0
    assert len(key_file.read_text().split()) == 1
    monkeypatch.delenv("MARKEZY_MASTER_KEY_FILE")
    running = open_database(Settings())
    assert opened(running, tenant_id, lead, box) == "Zoé"
    vault.rotate()
    assert cli.main(["keys", "rotate", "master", *only]) == 0
    vault.min_decryption_version = 2
    vault.asked.clear()
    assert opened(running, tenant_id, lead, box) == "Zoé"
    fresh = open_database(Settings())
    assert opened(fresh, tenant_id, lead, box) == "Zoé"
    for opening in (running, fresh):
        opening.dispose()
    assert cli.main(["keys", "retire", "markezy:v2"]) == 2
    assert cli.main(["keys", "retire", "markezy:v1"]) == 0


def test_signing_keys_are_made_and_changed_while_tokens_are_out(
    key_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["keys", "rotate", "signing"]) == 2
    assert "MARKEZY_SIGNING_KEYS" in capsys.readouterr().err
    before = Settings().signing_keys().sign("staff", timedelta(minutes=15), sub="s")
    file = tmp_path / "signing"
    monkeypatch.setenv("MARKEZY_SIGNING_KEYS", str(file))
    assert cli.main(["keys", "rotate", "signing"]) == 0
    running = Settings().signing_keys()
    tokens = [before, running.sign("staff", timedelta(minutes=15), sub="s")]
    assert cli.main(["keys", "rotate", "signing"]) == 0
    tokens.append(running.sign("staff", timedelta(minutes=15), sub="s"))
    assert len({jwt.get_unverified_header(token)["kid"] for token in tokens}) == 3
    published = {key["kid"] for key in running.public()["keys"]}
    for token in tokens:
        assert jwt.get_unverified_header(token)["kid"] in published
        assert running.verify("staff", token)["sub"] == "s"
    # A third change before the first tokens have expired would end them.
    assert cli.main(["keys", "rotate", "signing"]) == 2
    assert "minutes" in capsys.readouterr().err
    assert running.verify("staff", before)["sub"] == "s"
    assert file.stat().st_mode & 0o077 == 0
