"""How versions do, by outcomes made by hand."""

from decimal import Decimal
from typing import Any

import pytest
from markezy.kernel.errors import Invalid, NotFound
from markezy.kernel.ids import new_id
from markezy.strategies import repository as strategies
from markezy.strategies.tables import strategy
from markezy.strategies.versions import performance
from markezy.strategies.versions.model import Place, Version
from markezy.strategies.versions.wording import statement
from sqlalchemy import select

from tests.markezy.strategies.versions.conftest import Counter, Shelf


def figures(shelf: Shelf, *versions: Version) -> list[performance.Performance]:
    return performance.performance_of(shelf.connection, shelf.tenant_id, versions)


def test_a_version_without_strategies_has_no_rates(shelf: Shelf) -> None:
    (found,) = figures(shelf, shelf.add("one"))
    assert (found.strategies, found.delivered, found.revenue) == (0, 0, {})
    assert {one.rate for one in found.rates.values()} == {None}


def test_outcomes_are_counted_by_version_and_revenue_by_currency(shelf: Shelf) -> None:
    words, plan, other = shelf.add("one"), shelf.add("p", Place.named("agency", "", "plan")), shelf.add("two")
    shelf.write(words, plan, outcomes=["opened", "downloaded", "meeting_booked", ("won", Decimal("1200.50"), "EUR")])
    shelf.write(words, plan, outcomes=["opened", ("won", Decimal(300), "USD")])
    shelf.write(words, plan, outcomes=[("won", Decimal("99.50"), "EUR")])
    shelf.write(words, plan)
    shelf.write(words, outcomes=["opened", "lost"])
    shelf.write(words, delivered=False, outcomes=["meeting_booked", ("won", Decimal(5000), "EUR")])
    shelf.write(other, outcomes=["opened"])
    first, second, third = figures(shelf, words, plan, other)
    assert (first.strategies, first.delivered) == (6, 5)
    assert first.outcomes == {"opened": 3, "downloaded": 1, "meeting_booked": 1, "won": 3, "lost": 1}
    assert first.revenue == {"EUR": Decimal("1300.00"), "USD": Decimal("300.00")}
    assert (second.strategies, second.outcomes["opened"], second.revenue["EUR"]) == (4, 2, Decimal("1300.00"))
    assert (third.strategies, third.outcomes["opened"], third.revenue) == (1, 1, {})
    opened = first.rates["opened"]
    assert (opened.hits, opened.of, opened.rate) == (3, 5, pytest.approx(0.6))
    assert (first.rates["delivered"].hits, first.rates["delivered"].of) == (5, 6)


def test_a_forgotten_lead_s_strategy_is_in_no_figure(shelf: Shelf) -> None:
    version = shelf.add("one")
    strategy_id = shelf.write(version, outcomes=["opened", ("won", Decimal(10), "EUR")])
    lead_id = shelf.connection.execute(select(strategy.c.lead_id).where(strategy.c.id == strategy_id)).scalar_one()
    removed = strategies.forget_lead(shelf.connection, shelf.tenant_id, lead_id)
    assert removed["outcomes"] == 2
    (found,) = figures(shelf, version)
    assert (found.strategies, found.revenue) == (0, {})


@pytest.mark.parametrize("many", [1, 12])
def test_the_number_of_queries_does_not_grow(shelf: Shelf, statements: Counter, many: int) -> None:
    versions = [shelf.add(str(number)) for number in range(many)]
    for version in versions:
        shelf.write(version, outcomes=["opened"])
    statements.statements = 0
    figures(shelf, *versions)
    assert statements.statements == 2


def written(shelf: Shelf, version: Version, opened: int, of: int) -> None:
    for number in range(of):
        shelf.write(version, outcomes=["opened"] if number < opened else [])


def test_two_versions_side_by_side(shelf: Shelf) -> None:
    first, second = shelf.add("one"), shelf.add("two")
    shelf.try_out((first, 1), (second, 1))
    written(shelf, first, 18, 20)
    written(shelf, second, 8, 20)
    found = performance.side_by_side(shelf.connection, shelf.tenant_id, first.id, second.id)
    assert found.in_experiment
    assert found.comparisons["opened"].verdict == "first_better"
    assert found.comparisons["won"].verdict == "too_few"
    said = {locale: statement(found, "opened", locale) for locale in ("en", "fr-CA", "es", "xx")}
    assert said["en"] == (
        "Version 1 does better: 90% of its strategies were opened, against 40% with version 2. Chance alone rarely makes such a"
        " difference (p = 0.01)."
    )
    assert said["xx"] == said["en"]
    assert "La version 1 fait mieux : 90 %" in said["fr-CA"].replace("\xa0", " ")
    assert "La versión 1 funciona mejor: 90 %" in said["es"].replace("\xa0", " ")
    assert statement(found, "won", "en").startswith(
        "It is too early to say. So far 20 strategies with version 1 and 20"
    )


def test_versions_that_never_ran_together_are_compared_with_a_warning(shelf: Shelf) -> None:
    first, second = shelf.add("one"), shelf.add("two")
    shelf.publish(first)
    shelf.publish(second)
    written(shelf, first, 10, 20)
    written(shelf, second, 12, 20)
    found = performance.side_by_side(shelf.connection, shelf.tenant_id, first.id, second.id)
    assert not found.in_experiment
    said = statement(found, "opened", "en")
    assert said.startswith("No difference can be shown: 50% of the strategies with version 1 and 60%")
    assert "about 385 delivered strategies" in said
    assert said.endswith("from other leads.")


def test_only_two_versions_of_one_part_are_compared(shelf: Shelf) -> None:
    first, other = shelf.add("one"), shelf.add("un", Place.named("agency", "", "fr"))
    against: Any
    for against, refusal in ((first.id, Invalid), (other.id, Invalid), (new_id(), NotFound)):
        with pytest.raises(refusal):
            performance.side_by_side(shelf.connection, shelf.tenant_id, first.id, against)
