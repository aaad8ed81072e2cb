"""Two agencies on one platform."""

from collections.abc import Callable
from typing import Any

import psycopg
import requests

from tests.journeys.conftest import eventually
from tests.journeys.interviews import SHOP, complete, of_somebody_else
from tests.journeys.lead import Lead


def test_the_other_agencys_staff_gets_404_for_every_id(
    demo: dict[str, Any], make_lead: Callable[..., Lead], log_in: Callable[[str], requests.Session]
) -> None:
    complete(make_lead("brightlane", "en"), of_somebody_else(SHOP))
    ours, theirs = log_in("brightlane"), log_in("atelier-nova")
    api = f"{demo['platform_url']}/api/v1"

    def finished() -> dict[str, Any] | None:
        for lead in ours.get(f"{api}/leads?state=qualified", timeout=30).json()["items"]:
            strategies = ours.get(f"{api}/leads/{lead['id']}/strategies", timeout=30).json()["items"]
            if strategies and strategies[0]["has_pdf"]:
                return {"lead": lead["id"], "strategy": strategies[0]["id"]}
        return None

    ids = eventually(finished, "the lead's strategy")
    paths = [
        *(f"leads/{ids['lead']}{part}" for part in ("", "/events", "/state", "/transcript", "/strategies")),
        *(f"strategies/{ids['strategy']}{part}" for part in ("", "/pdf")),
    ]
    for path in paths:
        assert ours.get(f"{api}/{path}", timeout=30).status_code == 200, path
        assert theirs.get(f"{api}/{path}", timeout=30).status_code == 404, path
        assert requests.get(f"{api}/{path}", timeout=30).status_code == 401, path
    assert ids["lead"] not in theirs.get(f"{api}/leads?limit=100", timeout=30).text
    assert theirs.get(f"{api}/crm/syncs?lead_id={ids['lead']}", timeout=30).json()["items"] == []


def test_with_the_applications_role_and_no_tenant_every_table_is_empty(demo: dict[str, Any]) -> None:
    with psycopg.connect(demo["database_url"]) as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
            " AND relname <> 'alembic_version'"
        ).fetchall()
        assert len(tables) >= 20
        for (table,) in tables:
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
