import pytest

from fairuse.plans import SOURCE, UnknownPlan, parsed, plans


def test_an_agency_without_a_plan_has_the_default_one() -> None:
    assert plans().plan(None).name == plans().default


def test_overrides_replace_single_figures() -> None:
    ours = plans().plan("trial", {"messages_per_minute": 7})
    assert ours.messages_per_minute == 7
    assert ours.requests_per_minute == plans().plan("trial").requests_per_minute


@pytest.mark.parametrize(
    "overrides", [{"mesages_per_minute": 7}, {"messages_per_minute": "7"}, {"weight": 0}, {"weight": None}, {"name": 1}]
)
def test_a_wrong_figure_is_refused(overrides: dict[str, object]) -> None:
    with pytest.raises(UnknownPlan, match=next(iter(overrides))):
        plans().plan("trial", overrides)


def test_an_unknown_plan_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownPlan, match="growth"):
        plans().plan("gold")


def test_a_file_that_forgets_a_figure_is_refused() -> None:
    source = SOURCE.read_text().replace("    leads_per_month: 100\n", "")
    with pytest.raises(UnknownPlan, match="leads_per_month"):
        parsed(source)
