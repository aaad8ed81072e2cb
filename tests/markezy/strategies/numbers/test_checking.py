"""A plan part that can't be counted with is refused, with the place and what to do."""

from typing import Any

import pytest
from hypothesis import given
from markezy.kernel.errors import Invalid
from markezy.strategies.numbers.assumptions import KNOWN_CHANNELS
from markezy.strategies.numbers.checking import check_partial, check_whole, read_assumptions

from tests.markezy.strategies.numbers.parts_of_tests import BASE, SMALL, changed, parts

FLAWS: list[tuple[dict[str, Any], str, str]] = [
    ({"channels/email/wieght": 3}, "channels/email/wieght", "Remove it"),
    ({"channels/email/weight": None}, "channels/email/weight", "Add it"),
    ({"channels/email/weight": 0}, "channels/email/weight", "removed with null"),
    ({"channels/search_ads/buys/click_rate": [0.05, 0.02]}, "channels/search_ads/buys/click_rate", "lower figure first"),
    ({"channels/search_ads/buys/click_rate": [2, 5]}, "channels/search_ads/buys/click_rate/0", "0.05 for 5 %"),
    ({"channels/search_ads/buys/click_rate": [0.02]}, "channels/search_ads/buys/click_rate", "as many figures"),
    ({"channels/search_ads/source": None}, "channels/search_ads/source", "own experience"),
    ({"facts/objective/options": {7: "sales"}}, "facts/objective/options/7", "quotation marks"),
    ({"facts/objective/options": {"sell": "sale"}}, "facts/objective/options/sell", "Write one of: sales, loyalty"),
    ({"facts/maturity/default": "old"}, "facts/maturity/default", "Write one of"),
    ({"objectives/sales/tilt": {"serach_ads": 2}}, "objectives/sales/tilt/serach_ads", "Write one of"),
    ({"objectives/sales/kpis": ["result"]}, "objectives/sales/kpis", "Write one of: visits"),
    ({"sizes": {"small": {}, "large": {}}}, "sizes/small/below", "above 0"),
    ({"sizes": {"small": {"below": 50}, "mid": {"below": 50}, "large": {}}}, "sizes/mid/below", "above 50"),
    ({"sizes/large/below": 9000}, "sizes/large/below", "Remove `below`"),
    ({"maturities/starting/effect": [0.5, 1]}, "maturities/starting/effect", "as many figures"),
    ({"kpis/visits/from": "reach"}, "kpis/visits/from", "docs/strategy-numbers.md"),
    ({"kpis/visits/range": [1, 2]}, "kpis/visits", "one of them"),
    ({"kpis/visits/from": None}, "kpis/visits", "one of them"),
    ({"kpis/visits/unit": "money"}, "kpis/visits/unit", "Write count"),
    ({"kpis/visits/channels": ["radio"]}, "kpis/visits/channels", "Write one of: search_ads"),
    ({"kpis/visits/objectives": ["fame"]}, "kpis/visits/objectives", "Write one of"),
    ({"steps/measuring/after": ["thinking"]}, "steps/measuring/after", "Write one of: measuring"),
    ({"steps/measuring/channel": "radio"}, "steps/measuring/channel", "Write one of"),
    ({"steps/measuring/after": ["measuring"]}, "steps/measuring/after", "out of `after`"),
    ({"steps/measuring/month": 4}, "steps/measuring/month", "within the bounds"),
    ({"steps/measuring/weeks": 13, "steps/measuring/month": 2}, "steps/measuring", "begin earlier"),
    ({"steps/late": {"month": 1, "hours": 1}, "steps/measuring/after": ["late"]}, "steps/measuring/after", "Make late `needed`"),
]  # fmt: skip


def test_the_shipped_base_works_alone_and_knows_every_channel() -> None:
    assert check_whole(BASE) == []
    assert set(read_assumptions(BASE).channels) == set(KNOWN_CHANNELS)
    assert all(channel.source for channel in read_assumptions(BASE).channels.values())


@pytest.mark.parametrize(("change", "place", "mend"), FLAWS, ids=lambda part: part if isinstance(part, str) else "")
def test_what_is_wrong_is_named_with_its_place_and_its_mend(change: dict[str, Any], place: str, mend: str) -> None:
    part = changed(SMALL, change)
    found = [flaw for flaw in check_whole(part) if flaw.place == place]
    assert found, check_whole(part)
    assert mend in found[0].mend
    with pytest.raises(Invalid, match=place) as refused:
        read_assumptions(part)
    assert {"place", "problem", "mend"} == set(refused.value.extra["findings"][0])  # type: ignore[index]


def test_a_layer_may_hold_any_share_of_it_and_remove_things() -> None:
    layer = {
        "channels": {"press": None, "email": {"weight": 40}, "search_ads": {"buys": {"click_rate": [0.1, 0.2]}}},
        "objectives": {"new_customers": {"tilt": {"email": None}}}, "facts": {"value": None},
    }  # fmt: skip
    assert check_partial(layer) == []
    assert check_partial({}) == []


@pytest.mark.parametrize("what", ["channels", "sizes"])
def test_a_layer_may_do_nothing_but_remove_one_and_only_the_whole_needs_some(what: str) -> None:
    assert check_partial({what: {"print": None}}) == []
    (flaw,) = check_whole(changed(SMALL, {what: {}}))
    assert (flaw.place, flaw.mend) == (what, "Write at least one.")


def test_a_layer_is_checked_for_shape_and_types() -> None:
    layer = {"channels": {"email": {"weight": "much", "wait": 1}, "search_ads": {"buys": {"click_rate": [0.2]}}}}
    assert {flaw.place for flaw in check_partial(layer)} == {
        "channels/email/weight", "channels/email/wait", "channels/search_ads/buys/click_rate",
    }  # fmt: skip


def test_channels_every_sector_may_remove_can_still_be_spoken_of() -> None:
    part = changed(SMALL, {"objectives/sales/tilt": {"portals": 2}, "steps/measuring/channel": ["portals", "email"]})
    assert check_whole(part) == []


@given(parts())
def test_the_parts_that_the_other_tests_count_with_are_whole(part: dict[str, Any]) -> None:
    assert check_whole(part) == []
