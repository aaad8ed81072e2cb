"""Rates, their intervals and what they tell; the expected figures are from published tables and by hand."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markezy.strategies.versions.significance import Verdict, compare, rate


def test_a_rate_has_wilson_s_interval() -> None:
    # Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for hits, of, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        found = rate(hits, of)
        assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_a_difference_has_newcombe_s_interval() -> None:
    # The same author, Statistics in Medicine 17, 873-890, table II: 56 of 70 against 48 of 80.
    found = compare(rate(56, 70), rate(48, 80))
    assert found.difference == pytest.approx(0.2)
    assert (found.low, found.high) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))
    # z = 0.2 / sqrt(104/150 * 46/150 * (1/70 + 1/80)) = 2.6504
    assert found.p_value == pytest.approx(0.0080, abs=5e-5)
    assert found.verdict is Verdict.FIRST_BETTER


def test_the_same_from_the_other_side_says_the_second_is_better() -> None:
    assert compare(rate(48, 80), rate(56, 70)).verdict is Verdict.SECOND_BETTER


@pytest.mark.parametrize(
    ("first", "second"), [((0, 0), (5, 10)), ((1, 4), (4, 4)), ((0, 500), (2, 500)), ((9, 9), (9, 9))]
)
def test_few_are_too_few_to_tell(first: tuple[int, int], second: tuple[int, int]) -> None:
    found = compare(rate(*first), rate(*second))
    assert (found.verdict, found.p_value) == (Verdict.TOO_FEW, None)


def test_what_may_be_chance_says_how_many_would_show_it() -> None:
    found = compare(rate(50, 100), rate(45, 100))
    assert found.verdict is Verdict.NO_DIFFERENCE
    # (1.96 + 0.8416)^2 * (0.25 + 0.2475) / 0.05^2
    assert found.needed == 1562
    assert compare(rate(50, 100), rate(50, 100)).needed is None


COUNTS = st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(COUNTS, COUNTS)
@example((0, 1), (2413, 2413))
def test_intervals_hold_what_they_are_about(first: tuple[int, int], second: tuple[int, int]) -> None:
    one, other = rate(*first), rate(*second)
    found = compare(one, other)
    for low, middle, high in ((one.low, one.rate, one.high), (found.low, found.difference, found.high)):
        assert low is not None
        assert middle is not None
        assert high is not None
        assert -1 <= low <= middle + 1e-9
        assert middle - 1e-9 <= high <= 1
    assert found.p_value is None or 0 <= found.p_value <= 1
