from uuid import UUID

import pytest
from markezy.commands import plan
from markezy.kernel.db import Database
from markezy.kernel.limits import plan_of


def figures_of(database: Database, tenant_id: UUID) -> tuple[str, int | None, int | None]:
    with database.transaction(tenant_id) as connection:
        found = plan_of(connection, tenant_id)
    return found.name, found.messages_per_minute, found.leads_per_month


def test_a_plan_is_given_with_figures_of_its_own(
    database: Database, tenant_id: UUID, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["messages_per_minute=7", "leads_per_month=none"]
    assert plan.run(database, f"t-{tenant_id}", "trial", given) == plan.DONE
    assert figures_of(database, tenant_id) == ("trial", 7, None)
    assert plan.run(database, f"t-{tenant_id}", None, []) == plan.DONE
    assert "messages_per_minute      7" in capsys.readouterr().out


@pytest.mark.parametrize("figure", ["messages=7", "messages_per_minute=many", "messages_per_minute=-1", "weight=0"])
def test_a_wrong_figure_changes_nothing(
    figure: str, database: Database, tenant_id: UUID, capsys: pytest.CaptureFixture[str]
) -> None:
    before = figures_of(database, tenant_id)
    assert plan.run(database, f"t-{tenant_id}", "trial", [figure]) == plan.REFUSED
    assert figures_of(database, tenant_id) == before
    assert figure.partition("=")[0] in capsys.readouterr().err


def test_an_unknown_agency_is_told(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert plan.run(database, "nobody", None, []) == plan.REFUSED
    assert "nobody" in capsys.readouterr().err
