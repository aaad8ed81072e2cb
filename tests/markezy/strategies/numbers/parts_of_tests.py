"""Plan parts for the tests: the shipped one, a small one to count by hand, changes to either, and any that may be."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st
from markezy.leads.api import QualifiedLead
from markezy.strategies.numbers.assumptions import KNOWN_CHANNELS

from tests.markezy.strategies.leads_of_tests import lead

BASE: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[4] / "platform/seeds/strategies/base/plan.yml").read_text()
)

SMALL: dict[str, Any] = {
    "facts": {
        "objective": {"question": "goal", "options": {"sell": "sales", "keep": "loyalty"}, "default": "sales"},
        "maturity": {"question": "situation", "options": {"new": "starting"}, "default": "established"},
        "hours": {"question": "team", "options": {"alone": 2, "several": 10}, "default": 4},
        "running": {"question": "channels"},
        "value": {"question": "average_order", "times": 0.5},
        "budget": {"question": "budget"},
    },
    "channels": {
        "search_ads": {
            "weight": 50, "minimum": 100, "runs_as": ["google_ads"], "source": "made up",
            "buys": {"cost_per_thousand": [10, 40], "click_rate": [0.04, 0.04], "result_rate": [0.05, 0.05]},
        },
        "email": {"weight": 30, "minimum": 40, "runs_as": ["email"]},
        "print": {"weight": 20, "minimum": 150},
    },
    "objectives": {"sales": {"kpis": ["results"]}, "loyalty": {"tilt": {"email": 2}, "kpis": ["repeat_rate", "results"]}},
    "sizes": {"small": {"below": 500}, "large": {"tilt": {"print": 2}}},
    "maturities": {"starting": {"effect": [0.5, 0.5, 0.5]}, "established": {"effect": [0.5, 0.75, 1]}},
    "running_tilt": 1.5,
    "currencies": {"per_euro": {"USD": 2}, "source": "made up"},
    "steps": {"measuring": {"month": 1, "weeks": 2, "hours": 4, "needed": True}},
    "kpis": {
        "visits": {"unit": "count", "from": "clicks"},
        "results": {"unit": "count", "from": "results"},
        "revenue": {"unit": "money", "from": "revenue"},
        "repeat_rate": {"unit": "change", "range": [2, 5], "objectives": ["loyalty"]},
    },
}  # fmt: skip


def changed(part: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The part with some places written anew (`channels/email/weight`); None removes them."""
    copy = deepcopy(part)
    for place, value in changes.items():
        *way, last = place.split("/")
        at = copy
        for step in way:
            at = at.setdefault(step, {})
        if value is None:
            del at[last]
        else:
            at[last] = value
    return copy


def asking(**answers: Any) -> QualifiedLead:
    """A lead who answered these questions."""
    return lead({question: (value, str(value)) for question, value in answers.items()})


BUDGETS = st.one_of(
    st.none(),
    st.integers(1, 30_000),
    st.decimals(min_value="0.01", max_value=1_000_000_000, places=2).map(float),
    st.sampled_from(
        [0, -5, 0.004, 1e12, "much", True, {"amount": 900, "currency": "USD"}, {"amount": 90_000, "currency": "JPY"}]
    ),
)

ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "goal": st.sampled_from(
            ["new_customers", "repeat_customers", "better_margin", "reputation", "else", ["awareness"]]
        ),
        "situation": st.sampled_from(["running", "launching", "learning"]),
        "team": st.sampled_from(["alone", "several", "nobody", "?"]),
        "channels": st.lists(st.sampled_from(["google_ads", "email", "social", "seo", "nothing_yet"]), min_size=1),
        "average_order": st.one_of(
            st.integers(1, 10_000), st.just(1_000_000_000), st.just({"amount": 50, "currency": "GBP"})
        ),
        "budget": BUDGETS,
    },
)


def _between(low: str, high: str) -> Any:
    end = st.decimals(min_value=low, max_value=high, places=4).map(float)
    return st.tuples(end, end).map(sorted)


@st.composite
def parts(draw: Any) -> dict[str, Any]:
    """Any plan part that is whole: channels, prices, tilts, effects and steps of all kinds."""
    part = deepcopy(BASE)
    ids = draw(st.lists(st.sampled_from(KNOWN_CHANNELS), unique=True, min_size=1))
    tilts = st.dictionaries(st.sampled_from(KNOWN_CHANNELS), st.sampled_from([0.01, 0.5, 2, 100]), max_size=4)
    part["channels"] = {id_: draw(_CHANNELS) for id_ in ids}
    for kind in ("objectives", "sizes", "maturities"):
        for rule in part[kind].values():
            rule["tilt"] = draw(tilts)
    part["sizes"]["small"]["most"] = draw(st.integers(1, 6))
    part["maturities"]["starting"]["effect"] = draw(
        st.lists(st.sampled_from([0.01, 0.33, 0.5, 1]), min_size=3, max_size=3)
    )
    part["steps"] = draw(steps())
    return part


_CHANNELS = st.fixed_dictionaries(
    {"weight": st.sampled_from([0.1, 1, 7, 20, 1000]), "minimum": st.sampled_from([0, 30, 400, 5000]), "source": st.just("made up")},
    optional={
        "runs_as": st.sampled_from([["email"], ["google_ads", "seo"]]),
        "buys": st.fixed_dictionaries({
            "cost_per_thousand": _between("0.01", "90"), "click_rate": _between("0.0001", "1"), "result_rate": _between("0.0001", "1"),
        }),
    },
)  # fmt: skip


@st.composite
def steps(draw: Any) -> dict[str, Any]:
    """Steps in any order that is one: each waits for some before it, a needed one only for needed ones, all within 13 weeks."""
    made: dict[str, Any] = {}
    ends: dict[str, int] = {}
    for place in range(draw(st.integers(0, 14))):
        needed = draw(st.booleans())
        possible = [id_ for id_ in made if made[id_]["needed"] or not needed]
        after = draw(st.lists(st.sampled_from(possible), unique=True, max_size=2)) if possible else []
        month, weeks = draw(st.integers(1, 3)), draw(st.integers(1, 5))
        end = max([(1, 6, 10)[month - 1], *(ends[id_] + 1 for id_ in after)]) + weeks - 1
        if end > 13:
            continue
        id_ = f"step_{place}"
        ends[id_] = end
        made[id_] = {
            "month": month, "weeks": weeks, "hours": draw(st.sampled_from([0, 1, 2.5, 9])), "after": after, "needed": needed,
            "channel": draw(st.one_of(st.none(), st.sampled_from(KNOWN_CHANNELS))),
        }  # fmt: skip
        if needed:
            made[id_]["channel"] = None
    return made
