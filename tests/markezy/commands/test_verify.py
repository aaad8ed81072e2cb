from collections.abc import Callable
from uuid import UUID

import pytest
from markezy import cli
from markezy.kernel.db import Database
from markezy.kernel.events import NewEvent, append
from markezy.kernel.ids import new_id

from tests.markezy.kernel.tampering import Tamperer


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    for name, value in (
        ("DATABASE_URL", settings.database_url.get_secret_value()),
        ("REDIS_URL", settings.redis_url.get_secret_value()),
        ("MARKEZY_SERVICE_SECRET", settings.service_secret.get_secret_value()),
        ("MARKEZY_STAFF_SECRET", settings.staff_secret.get_secret_value()),
        ("MARKEZY_MASTER_KEY", settings.master_key.get_secret_value()),
    ):
        monkeypatch.setenv(name, value)


@pytest.fixture
def stream_id(database: Database, tenant_id: UUID) -> UUID:
    stream_id = new_id()
    with database.transaction(tenant_id) as connection:
        append(connection, tenant_id, "lead", stream_id, 0, [NewEvent("a", {}), NewEvent("b", {})], "c")
    return stream_id


def test_a_whole_record_is_said_to_be_whole(
    tenant_id: UUID, stream_id: UUID, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["verify", "--tenant", f"t-{tenant_id}"]) == 0
    assert capsys.readouterr().out == "2 events in 1 streams of 1 agencies read, 0 streams broken.\n"


def test_a_change_is_told_with_its_place_and_fails(
    tenant_id: UUID, stream_id: UUID, url_of: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    Tamperer(url_of("owner")).change(stream_id, 2, "actor = 'visitor'")
    assert cli.main(["verify", "--tenant", f"t-{tenant_id}"]) == 1
    assert f"t-{tenant_id}: changed: event 2 of stream {stream_id} is not what" in capsys.readouterr().out


def test_without_a_slug_every_agency_is_read(
    make_tenant: Callable[[], UUID], stream_id: UUID, url_of: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    make_tenant()
    Tamperer(url_of("owner")).remove(stream_id, 2)
    assert cli.main(["verify"]) == 1
    assert f"missing: event 2 of stream {stream_id}" in capsys.readouterr().out


def test_an_unknown_agency_is_said_to_be_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", "--tenant", "nobody"]) == 2
    assert "nobody" in capsys.readouterr().err
