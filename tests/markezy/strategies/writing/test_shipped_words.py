"""The words that come with Markezy, whoever answers whatever."""

import re
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markezy.leads.api import Contact, QualifiedLead
from markezy.strategies.layers.golden import golden_leads
from markezy.strategies.layers.layer import LANGUAGES, PLAN
from markezy.strategies.layers.merging import merge
from markezy.strategies.layers.shipped import sectors, shipped_layers, shipped_text
from markezy.strategies.numbers.checking import read_assumptions
from markezy.strategies.numbers.planning import make_plan
from markezy.strategies.writing.assembling import words_of
from markezy.strategies.writing.case import Case
from markezy.strategies.writing.composing import compose, compose_briefing
from markezy.strategies.writing.document import Document, Kind
from markezy.strategies.writing.tidying import plain

from tests.markezy.strategies.leads_of_tests import lead
from tests.markezy.strategies.words_of_tests import AGENCY, blocks_of, texts_of

TODAY = date(2026, 1, 7)
SPOKEN = [language for language in LANGUAGES if shipped_text("base", "", language)]
PLACES = [("", language) for language in SPOKEN] + [(sector, language) for sector in sectors() for language in SPOKEN]

# Marks that no text of ours holds: where one turns up, it can only have come from the answer.
_ANSWERS: dict[str, tuple[Any, str]] = {
    "goal": ("new_customers", "Qgoalq"), "situation": ("launching", "Qsituationq"), "channels": (["email"], "Qchannelsq"),
    "team": ("alone", "Qteamq"), "city": ("x", "Qcityq"), "website": ("x", "Qwebsiteq"), "timeline": ("now", "Qtimelineq"),
    "budget": (2000, "€2,000"), "audience": ("x", "Qaudienceq"), "signature": ("x", "Qsignatureq"), "average_order": (60, "€60"),
}  # fmt: skip
_LEADS = st.builds(
    lambda ids, name, company, phone: lead(
        answers={id_: _ANSWERS[id_] for id_ in ids},
        contact=Contact(name and "Qname Qsurnameq", None, phone and "+33 1", company and "Qcompanyq"),
        locale="en",
    ),
    st.sets(st.sampled_from(sorted(_ANSWERS))), st.booleans(), st.booleans(), st.booleans(),
)  # fmt: skip


def _documents(sector: str, locale: str, who: QualifiedLead) -> tuple[Document, Document]:
    words = words_of(shipped_layers(sector, locale))
    plan = make_plan(read_assumptions(merge(shipped_layers(sector, PLAN)).data), who, TODAY)
    case = Case(who, AGENCY, sector, locale, TODAY)
    return compose(words, plan, case), compose_briefing(words, plan, case)


def _assert_sound(made: Document) -> None:
    texts = texts_of(made)
    for text in texts:
        assert text == text.strip()
        assert not re.search(
            r"(?<=[a-z,;] )None\b|undefined|\{\{|\}\}|\{%|  |\( ?\)|[“«]\s*[”»]|\s[,.](?:\s|$)|\.\.(?!\.)|,\.", text
        ), text
        assert text.count("<b>") == text.count("</b>")
        assert not re.search(r"<(?!/?[bi]>|br>)", text), text
    ids = [block.id for section in made.sections for block in section.blocks]
    assert len(set(ids)) == len(ids)
    for section in made.sections:
        assert section.heading
        assert section.blocks
        kinds = [*(block.kind for block in section.blocks), Kind.HEADING]
        assert (Kind.HEADING, Kind.HEADING) not in pairwise(kinds), section.id
        for block in section.blocks:
            assert block.text or block.items or block.rows or block.data, block.id
            assert all(len(row) == len(block.columns) for row in block.rows)


def _assert_lineage(made: Document, who: QualifiedLead) -> None:
    """Whoever shows an answer says so."""
    marks = {answer.question: answer.display for answer in who.answers if answer.display.startswith("Q")}
    for id_, block in blocks_of(made).items():
        content = " ".join([block.text, *block.items, *(cell for row in block.rows for cell in row), str(block.data)])
        shown = {question for question, mark in marks.items() if mark in content}
        assert shown <= set(block.origin.answers), id_
        assert set(block.origin.answers) <= {answer.question for answer in who.answers}, id_


@pytest.mark.parametrize(("sector", "locale"), PLACES)
class TestAnyLead:
    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    @given(_LEADS)
    def test_whatever_was_answered_the_documents_are_sound(self, sector: str, locale: str, who: QualifiedLead) -> None:
        for made in _documents(sector, locale, who):
            _assert_sound(made)
            _assert_lineage(made, who)

    def test_who_said_nothing_gets_every_section(self, sector: str, locale: str) -> None:
        strategy, briefing = _documents(sector, locale, lead(answers={}, contact=Contact(), locale=locale))
        assert [section.id for section in strategy.sections] == [
            "summary", "situation", "audience", "positioning", "channels", "content", "calendar", "budget", "forecast", "risks", "next",
        ]  # fmt: skip
        assert [section.id for section in briefing.sections] == ["person", "score", "talking_points", "objections"]
        assert {block.origin.answers for block in blocks_of(strategy).values()} == {()}

    def test_what_was_said_is_where_it_matters(self, sector: str, locale: str) -> None:
        who = lead(answers=_ANSWERS, locale=locale)
        strategy, briefing = _documents(sector, locale, who)
        for made in (strategy, briefing):
            everything = " ".join(map(plain, texts_of(made)))
            for _, display in _ANSWERS.values():
                assert display in everything


_OF_A_PAST = {
    "en": "past year|most visited|for a while|Nobody looks",
    "fr": "année écoulée|plus visitées|depuis un moment|Personne ne cherche",
    "es": "último año|más visitadas|lleva un tiempo|Nadie busca",
}


@pytest.mark.parametrize("locale", SPOKEN)
@pytest.mark.parametrize("goal", ["new_customers", "repeat_customers", "reputation"])
def test_who_begins_is_not_told_of_a_past(locale: str, goal: str) -> None:
    who = lead({"situation": ("launching", "x"), "goal": (goal, "x"), "team": ("several", "x")}, locale=locale)
    assert not re.search(_OF_A_PAST[locale], " ".join(texts_of(_documents("", locale, who)[0])))


@pytest.mark.parametrize("locale", SPOKEN)
def test_what_runs_is_called_part_of_the_plan_only_where_it_is(locale: str) -> None:
    def says(channels: list[str]) -> str:
        who = lead({"channels": (channels, "Qchannelsq"), "budget": (400, "€400")}, locale=locale)
        return blocks_of(_documents("", locale, who)[0])["situation.running"].text

    assert "qchannelsq" not in says(["google_ads", "press"])
    assert "qchannelsq" in says(["press"])


@pytest.mark.parametrize(("sector", "locale"), [place for place in PLACES if place[0]])
def test_golden_leads_get_sound_documents(sector: str, locale: str) -> None:
    for who in golden_leads(sector, locale).values():
        for made in _documents(sector, locale, who):
            _assert_sound(made)


def test_the_staff_are_told_more_than_the_lead() -> None:
    strategy, briefing = _documents("", "en", lead(locale="en"))
    assert "70 points" in " ".join(texts_of(briefing))
    assert "70 points" not in " ".join(texts_of(strategy))
