"""Forecasts, counted by hand."""

from decimal import Decimal

from markezy.strategies.numbers.assumptions import Buys
from markezy.strategies.numbers.forecast import cost_of, of_channel, together, with_effect
from markezy.strategies.numbers.model import Forecast, Range
from markezy.strategies.numbers.rounding import count, two_figures


def _range(low: float | str, high: float | str) -> Range:
    return Range(Decimal(str(low)), Decimal(str(high)))


def _buys(costs: list[float], clicks: list[float], results: list[float]) -> Buys:
    return Buys.model_validate({"cost_per_thousand": costs, "click_rate": clicks, "result_rate": results})


EXACT = _buys([20, 20], [0.04, 0.04], [0.05, 0.05])


def test_without_uncertainty_a_forecast_is_a_point() -> None:
    # 500 at 20 a thousand: 25,000 views; 4 in 100 click: 1,000; 5 in 100 of these buy: 50; 500 / 50 = 10.
    assert of_channel(Decimal(500), Decimal(500), EXACT) == Forecast(
        _range(25_000, 25_000), _range(1000, 1000), _range(50, 50), _range(10, 10)
    )


def test_one_uncertain_figure_is_as_wide_as_it_is() -> None:
    # 10 to 40 a thousand: 500 buys 12,500 to 50,000 views; 500 to 2,000 clicks; 25 to 100 results; 5 to 20 each.
    assert of_channel(Decimal(500), Decimal(500), _buys([10, 40], [0.04, 0.04], [0.05, 0.05])) == Forecast(
        _range(13_000, 50_000), _range(500, 2000), _range(25, 100), _range(5, 20)
    )


def test_several_uncertain_figures_are_not_all_at_their_worst_at_once() -> None:
    # Two of them twice as high as low: not 4 times, but exp(√(ln²2 + ln²2)) = 2.67 times, around 50 results.
    found = of_channel(Decimal(500), Decimal(500), _buys([20, 20], [0.0282843, 0.0565685], [0.0353553, 0.0707107]))
    assert found is not None
    assert found.results == _range(31, 82)


def test_no_range_is_wider_than_four_to_one() -> None:
    found = of_channel(Decimal(500), Decimal(500), _buys([2, 200], [0.004, 0.4], [0.005, 0.5]))
    assert found is not None
    assert found.results == _range(25, 100)
    assert found.reach == _range(13_000, 50_000)


def test_prices_are_in_euros_and_costs_in_the_leads_currency() -> None:
    # 10,000 pesos are about 500 euros.
    found = of_channel(Decimal(500), Decimal(10_000), EXACT)
    assert found is not None
    assert (found.results, found.cost_per_result) == (_range(50, 50), _range(200, 200))


def test_less_than_one_result_is_no_forecast() -> None:
    assert of_channel(Decimal(9), Decimal(9), EXACT) is None
    assert of_channel(Decimal(10), Decimal(10), EXACT) is not None


def test_what_is_added_is_what_is_shown() -> None:
    parts = [
        Forecast(_range(100, 200), _range(10, 20), _range(1, 3), _range(1, 1)),
        Forecast(_range(50, 60), _range(5, 6), _range(0, 2), _range(1, 1)),
    ]
    assert together(parts, Decimal(300)) == Forecast(_range(150, 260), _range(15, 26), _range(1, 5), _range(60, 300))


def test_a_month_that_reaches_half_brings_half_for_the_same_money() -> None:
    full = Forecast(_range(25_000, 50_000), _range(990, 2000), _range(1, 122), _range(5, 500))
    assert with_effect(full, Decimal(1), Decimal(500)) == full
    assert with_effect(full, Decimal("0.5"), Decimal(500)) == Forecast(
        _range(13_000, 25_000), _range(500, 1000), _range(1, 61), _range("8.2", 500)
    )


def test_results_rounded_to_none_cost_as_if_there_were_half_a_one() -> None:
    assert cost_of(Decimal(120), _range(0, 2)) == _range(60, 240)


def test_estimates_have_two_significant_figures() -> None:
    figures = ["0", "0.4", "0.5", "9.4", "12.5", "123", "1250", "99500000"]
    assert [str(count(Decimal(one))) for one in figures] == ["0", "0", "1", "9", "13", "120", "1300", "100000000"]
    figures = ["0", "0.004", "0.125", "1.25", "12.5", "1234"]
    assert [str(two_figures(Decimal(one))) for one in figures] == ["0", "0.00", "0.13", "1.3", "13", "1200"]
