"""What templates may do, and what the ones that come with Markezy make of leads."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from markezy.kernel.errors import Invalid
from markezy.leads.api import Contact
from markezy.strategies.context import context_of
from markezy.strategies.model import Agency
from markezy.strategies.templates import SECTIONS, BrokenTemplate, check, write

from tests.markezy.strategies.leads_of_tests import ANSWERS, lead

SEEDS = SECTIONS.parent.parent
AGENCY = Agency.of("Brightlane", {"color": "#2b50d8", "email": "hello@brightlane.example"})
SECTORS = ("ecommerce", "restaurant")
LOCALES = ("en", "fr", "es")


def _source(sector: str, locale: str) -> str:
    return (SEEDS / "strategy_templates" / sector / f"{locale}.html.j2").read_text()


def _html(sector: str, locale: str, **given: Any) -> str:
    context = context_of(lead(locale=locale, **given), AGENCY, locale, date(2026, 1, 7))
    return write(_source(sector, locale), context).html


def _text(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html)


def _run(source: str, **given: Any) -> str:
    return write("{% set title = 'T' %}" + source, context_of(lead(**given), AGENCY, "en", date(2026, 1, 7))).html


@pytest.mark.parametrize("sector", SECTORS)
@pytest.mark.parametrize("locale", LOCALES)
class TestSeededTemplates:
    def test_they_work_for_leads_who_told_everything_or_nothing(self, sector: str, locale: str) -> None:
        check(_source(sector, locale), locale)
        silent = _text(_html(sector, locale, answers={}, contact=Contact()))
        assert not re.search(r"\bNone\b|undefined|\{\{|\(\s*\)|«\s*»|“\s*”", silent)

    def test_everything_the_lead_said_is_in_it(self, sector: str, locale: str) -> None:
        text = _html(sector, locale)
        for _, display in ANSWERS.values():
            assert display.replace("&", "&amp;") in text
        assert "Chez Zoë" in text

    def test_each_single_answer_alone_is_enough(self, sector: str, locale: str) -> None:
        for id_, answer in ANSWERS.items():
            assert "None" not in _text(_html(sector, locale, answers={id_: answer}))

    def test_every_question_of_the_seeded_flow_finds_its_place(self, sector: str, locale: str) -> None:
        flow = yaml.safe_load((SEEDS / "flows" / f"{sector}.yml").read_text())
        samples: dict[str, Any] = {
            "choice": "o",
            "multi_choice": ["o"],
            "money": 40,
            "number": 12,
            "date": "2026-05-01",
        }
        answers = {
            id_: (samples.get(question["type"], "text"), f"said-{id_}-here")
            for id_, question in flow["questions"].items()
            if question["type"] != "consent" and "role" not in question
        }
        text = _text(_html(sector, locale, answers=answers))
        assert [id_ for id_ in answers if f"said-{id_}-here" not in text] == []

    def test_the_channel_amounts_add_up_to_the_budget(self, sector: str, locale: str) -> None:
        html = _html(sector, locale, answers={"budget": (1370, "€1,370")})
        rows = re.findall(r'<td class="number">([^<]+)</td></tr>', html)
        amounts = [int(re.sub(r"\D", "", row)) for row in rows]
        assert sum(amounts[:-1]) == amounts[-1] == 1370


@pytest.mark.parametrize("sector", SECTORS)
def test_the_goals_and_channels_of_the_templates_are_those_of_the_flow(sector: str) -> None:
    flow = yaml.safe_load((SEEDS / "flows" / f"{sector}.yml").read_text())
    for locale in LOCALES:
        source = _source(sector, locale)
        for option in flow["questions"]["goal"]["options"]:
            assert f'"{option["value"]}": {{' in source
        known = {option["value"] for option in flow["questions"]["channels"]["options"]}
        for listed in re.findall(r'"runs_as": \[([^\]]*)\]', source):
            assert set(re.findall(r'"(\w+)"', listed)) <= known


def test_what_a_lead_writes_is_text_and_never_run_or_marked_up() -> None:
    wicked = {
        "city": ("x", "{{7*7}}{% for x in range(9) %}{{ x }}{% endfor %}"),
        "audience": ("x", "<script>alert(1)</script><img src=http://127.0.0.1/x>"),
    }
    html = _html("ecommerce", "en", answers=wicked, contact=Contact(name="<b onload=x>Eve", company="</p><iframe>"))
    assert "{{7*7}}" in html
    assert "49" not in html.split("{{7*7}}")[1][:10]
    assert "<script" not in html
    assert "<img" not in html
    assert "<iframe" not in html
    assert "&lt;script&gt;" in html


def test_a_name_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(BrokenTemplate, match="UndefinedError"):
        _run("{{ nothing }}")


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ said.__globals__ }}",
        "{{ lead.__init__.__globals__ }}",
        "{{ agency.of.__func__.__globals__ }}",
        "{% include '/etc/passwd' %}",
        "{% include '_sections/../../flows/ecommerce.yml' %}",
        "{% include '_sections//etc/passwd' %}",
        "{% for _ in range(10 ** 9) %}{% endfor %}",
        "{% do answers.append(1) %}",
        "{{ 1 / 0 }}",
        "{{ reach('x', 1, 2) }}",
    ],
)
def test_a_template_can_not_leave_its_sandbox(source: str) -> None:
    with pytest.raises(BrokenTemplate):
        _run(source)


def test_a_problem_of_a_template_tells_no_answers() -> None:
    with pytest.raises(BrokenTemplate) as caught:
        _run("{{ said('city') + 1 }}", answers={"city": ("x", "Secretville")})
    assert "Secretville" not in str(caught.value)


@pytest.mark.parametrize(
    "source", ["{{ oops", "no title", "{% set title = '' %}", "{% set title = 'x' %}{{ nothing }}", "x" * 200_001]
)
def test_a_template_that_does_not_work_is_refused(source: str) -> None:
    with pytest.raises(Invalid):
        check(source, "en")


@pytest.mark.parametrize(
    ("value", "display", "text"),
    [
        (2000, "€2,000", "€2,000"), ({"amount": "2000", "currency": "USD"}, "x", "$2,000"), ("1500.50", "£1,500.50", "£1,500.50"),
        (0, "€0", "none"), (-5, "x", "none"), ("nan", "x", "none"), ("a lot", "x", "none"), (True, "x", "none"), (None, "x", "none"),
        ([], "x", "none"), ("1e400", "x", "none"), (0.001, "x", "none"),
    ],
)  # fmt: skip
def test_a_budget_is_a_positive_amount_or_none(value: Any, display: str, text: str) -> None:
    shown = _run("{{ budget.text if budget else 'none' }}", answers={"budget": (value, display)})
    assert shown == text


def test_a_skipped_answer_counts_as_not_given() -> None:
    assert _run("{{ said('city') or 'nothing' }}", answers={"city": ("", "  ")}) == "nothing"


def test_the_calendar_starts_on_the_next_monday() -> None:
    assert _run("{{ start }} {{ after(7) }}") == "2026-01-12 2026-01-19"


def test_templates_are_plain_files_in_the_repository() -> None:
    assert {path.name for path in Path(SECTIONS).iterdir()} == {
        "document.html.j2",
        "en.html.j2",
        "fr.html.j2",
        "es.html.j2",
    }
