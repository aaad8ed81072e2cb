"""From words, figures and a case to a document: what has nothing to say is not there, and everything knows where it came from."""

import json
import re
from typing import Any

import pytest
from markezy.flows.api import ScoreReason
from markezy.leads.api import Contact
from markezy.strategies.layers.findings import NotALayer
from markezy.strategies.layers.layer import LayerName
from markezy.strategies.writing import case as cases
from markezy.strategies.writing import document_json, trial
from markezy.strategies.writing.case import Case
from markezy.strategies.writing.composing import compose, compose_briefing
from markezy.strategies.writing.document import Block, Kind
from markezy.strategies.writing.sandbox import BrokenTemplate

from tests.markezy.strategies.leads_of_tests import lead
from tests.markezy.strategies.words_of_tests import AGENCY, SMALL, blocks_of, document, layer, plan, words

SILENT = lead(answers={}, contact=Contact(), locale="en")


class TestWhatIsThere:
    def test_a_block_stands_only_when_it_holds(self) -> None:
        assert "summary.goal" in blocks_of(document(words(), lead()))
        assert "summary.goal" not in blocks_of(document(words(), SILENT))

    def test_a_section_without_blocks_vanishes_with_its_heading(self) -> None:
        of = words(blocks={"a": {"when": "said('nothing')", "text": "x"}, "b": {"text": "{{ said('nothing') }}"}})
        assert [section.id for section in document(of, lead()).sections] == ["summary"]

    def test_a_section_may_have_a_condition(self) -> None:
        of = words({"sections": {"summary": {"when": "said('city')"}}})
        made = document(of, lead())
        assert made.sections[0].blocks[0].origin.answers == ("city",)
        assert document(of, SILENT).sections == ()

    def test_a_heading_over_nothing_vanishes(self) -> None:
        of = words(blocks={
            **{id_: {"kind": "heading", "text": "H"} for id_ in ("h1", "h2")}, "p": {"text": "x"}, "h3": {"kind": "heading", "text": "H"},
            "gone": {"when": "said('nothing')", "text": "y"}, "h4": {"kind": "heading", "text": "H"},
        })  # fmt: skip
        assert [id_ for id_ in blocks_of(document(of, lead())) if id_.startswith("extra")] == ["extra.h2", "extra.p"]

    def test_items_and_rows_that_say_nothing_vanish_and_with_all_of_them_the_block(self) -> None:
        of = words(blocks={
            "list": {"kind": "list", "items": {"a": "A", "b": {"when": "said('city')", "text": "B"}, "c": "{{ said('nothing') }}"}},
            "table": {"kind": "table", "columns": ["X", "Y"], "rows": {"a": {"when": "said('city')", "cells": ["1", ""]}, "b": ["", ""]}},
        })  # fmt: skip
        told, silent = blocks_of(document(of, lead())), blocks_of(document(of, SILENT))
        assert (told["extra.list"].items, told["extra.table"].rows) == (("A", "B"), (("1", ""),))
        assert silent["extra.list"].items == ("A",)
        assert "extra.table" not in silent

    def test_a_column_that_does_not_hold_takes_its_cells_along(self) -> None:
        of = words(blocks={"table": {
            "kind": "table", "numeric": [2], "columns": {"a": "A", "b": {"when": "said('city')", "text": "B"}, "c": "C"},
            "rows": {"r": ["1", "2", "3"]},
        }})  # fmt: skip
        block = blocks_of(document(of, SILENT))["extra.table"]
        assert (block.columns, block.rows, block.numeric) == (("A", "C"), (("1", "3"),), (1,))

    def test_rows_that_stand_in_give_way_to_those_of_a_layer_above(self) -> None:
        block = {"kind": "list", "items": {"usual": {"stand_in": True, "text": "Usual"}}}
        above = {"sections": {"extra": {"blocks": {"list": {"items": {"own": "Own"}}}}}}
        assert blocks_of(document(words(blocks={"list": block}), lead()))["extra.list"].items == ("Usual",)
        assert blocks_of(document(words(above, blocks={"list": block}), lead()))["extra.list"].items == ("Own",)

    def test_blocks_stand_where_layers_put_them(self) -> None:
        above = {"sections": {
            "first": {"after": "", "heading": "F", "blocks": {"p": {"text": "x"}}},
            "summary": {"blocks": {"own": {"after": "essence", "text": "Own"}, "goal": None}},
        }}  # fmt: skip
        assert list(blocks_of(document(words(above), lead()))) == ["first.p", "summary.essence", "summary.own"]


class TestTheLeadsWords:
    def test_they_are_text_and_never_run_or_marked_up(self) -> None:
        wicked = {"goal": ("x", "<script>alert(1)</script>{{ 7*7 }}{% for x in y %}</b>")}
        made = document(words(), lead(answers=wicked, contact=Contact(company="</p><b>Eve & Co {{ 1 }}")))
        text = blocks_of(made)["summary.goal"].text
        assert text == "You want <b>&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}{% for x in y %}&lt;/b&gt;</b>."
        assert made.title == "More for &lt;/p&gt;&lt;b&gt;Eve &amp; Co {{ 1 }}"

    def test_they_end_a_sentence_once(self) -> None:
        assert blocks_of(document(words(), lead(answers={"goal": ("x", "More\nguests.")})))["summary.goal"].text == (
            "You want <b>More guests</b>."
        )

    def test_a_choice_within_a_sentence_begins_small_and_their_own_words_stay(self) -> None:
        of = words(blocks={
            "goal": {"text": "Your goal, {{ within('goal') }}, comes first."}, "channels": {"text": "You use: {{ within('channels') }}."},
            "own": {"text": "You said: {{ within('signature') }}{{ within('nothing') }}"},
        })  # fmt: skip
        made = document(of, lead({
            "goal": ("bookings", "More online bookings"), "channels": (["ads", "email"], "Google Ads, E-mail"),
            "signature": ("The rye bread", "The rye bread"),
        }))  # fmt: skip
        blocks = blocks_of(made)
        assert blocks["extra.goal"].text == "Your goal, more online bookings, comes first."
        assert blocks["extra.goal"].origin.answers == ("goal",)
        assert blocks["extra.channels"].text == "You use: Google Ads, e-mail."
        assert blocks["extra.own"].text == "You said: The rye bread"

    def test_small_words_are_joined_as_the_language_does(self) -> None:
        of = words(
            blocks={"a": {"text": "Autour {{ joined('de', said('city')) }}{{ joined('de', said('nothing')) }}."}}
        )
        assert blocks_of(document(of, lead({"city": ("x", "Antibes <b>")}), locale="fr"))["extra.a"].text == (
            "Autour d’Antibes &lt;b&gt;."
        )

    def test_without_a_company_the_term_stands_in(self) -> None:
        assert document(words(), SILENT).title == "More for your shop"

    def test_a_term_may_depend_on_an_answer(self) -> None:
        of = words(
            {
                "terms": {
                    "business": "{% if said('city') %}your shop in {{ said('city') }}{% else %}your shop{% endif %}"
                }
            }
        )
        assert document(of, lead(contact=Contact())).title == "More for your shop in Nîmes"


class TestFillings:
    def test_answers_without_contact_details(self) -> None:
        of = words(blocks={"a": {"kind": "table", "fill": "answers", "columns": {"question": "Q", "answer": "A"}}})
        asked = lead(answers={"city": ("Lyon", "Lyon"), "email": ("a@b.c", "a@b.c"), "team": ("", " ")})
        block = blocks_of(document(of, asked))["extra.a"]
        assert block.rows == (("City", "Lyon"),)
        assert block.origin.answers == ("city",)

    def test_channels_add_up_and_lose_their_amounts_without_a_budget(self) -> None:
        columns = {"name": "Channel", "task": "Job", "share": "Share", "amount": "Amount"}
        of = words(
            blocks={"mix": {"kind": "table", "fill": "channels", "columns": columns, "labels": {"total": "Total"}}}
        )
        block = blocks_of(document(of, lead(), budget=1000))["extra.mix"]
        assert block.totals
        assert block.numeric == (2, 3)
        assert block.rows[-1] == ("Total", "", "100%", "€1,000")
        assert sum(int(re.sub(r"\D", "", row[3])) for row in block.rows[:-1]) == 1000
        assert block.rows[0][:2] == ("<b>Search ads</b>", "Be found in Nîmes.")
        assert blocks_of(document(of, lead(), budget=None))["extra.mix"].columns == ("Channel", "Job", "Share")

    def test_what_runs_already_is_named_as_far_as_it_is_in_the_plan(self) -> None:
        # In plans for trying out, every second channel runs.
        of = words(blocks={"a": {"when": "running()", "text": "{{ running()|capitalize }} run."}})
        assert blocks_of(document(of, lead()))["extra.a"].text == "Search ads and flyers &amp; posters run."
        of = words(
            {"channels": {"search_ads": None, "email": None, "print": None}},
            blocks={"a": {"when": "running()", "text": "x"}},
        )
        assert "extra.a" not in blocks_of(document(of, lead()))

    def test_months_vanish_without_a_budget(self) -> None:
        columns = {"month": "Month", "spend": "Spending", "ads": "Ads", "results": "Orders"}
        of = words(blocks={"m": {"kind": "table", "fill": "months", "columns": columns, "labels": {"total": "All"}}})
        block = blocks_of(document(of, lead(), budget=1000))["extra.m"]
        assert (block.columns, block.rows[-1]) == (("Month", "Spending", "Orders"), ("All", "€3,000", "10–20"))
        assert "extra.m" not in blocks_of(document(of, lead(), budget=None))

    def test_every_figure_of_the_months_is_set_to_the_right(self) -> None:
        columns = {
            "month": "Month",
            "spend": "Spending",
            "views": "Seen",
            "clicks": "Visits",
            "results": "Orders",
            "cost": "Each",
        }
        of = words(blocks={"m": {"kind": "table", "fill": "months", "columns": columns}})
        assert blocks_of(document(of, lead(), budget=1000))["extra.m"].numeric == (1, 2, 3, 4, 5)

    def test_a_target_that_is_open_is_said_to_be(self) -> None:
        columns = {"name": "Figure", "target": "Target", "how": "How"}
        of = words(blocks={"k": {"kind": "table", "fill": "kpis", "columns": columns, "labels": {"open": "open yet"}}})
        assert blocks_of(document(of, lead(), budget=None))["extra.k"].rows == (
            ("<b>Visits</b>", "open yet", "Counted."),
        )

    def test_steps_as_list_and_as_table_by_month(self) -> None:
        of = words(blocks={
            "list": {"kind": "steps", "fill": "steps"}, "later": {"kind": "list", "fill": "put_off"},
            "two": {"kind": "table", "fill": "steps", "month": 2, "columns": {"days": "When", "text": "What"}},
            "one": {"kind": "table", "fill": "steps", "month": 1, "columns": {"days": "When", "text": "What", "channel": "Channel"}},
        })  # fmt: skip
        blocks = blocks_of(document(of, lead()))
        assert (
            blocks["extra.list"].items == ("Count every order.", "Look at it together.") == blocks["extra.later"].items
        )
        assert blocks["extra.one"].rows[1] == ("Jan\u00a019\u00a0– Jan\u00a030", "Look at it together.", "E-mail")
        assert "extra.two" not in blocks

    def test_figures_have_data_that_is_ready_to_be_drawn(self) -> None:
        of = words(blocks={
            "split": {"kind": "figure", "figure": "budget_split", "labels": {"caption": "a month"}},
            "calendar": {"kind": "figure", "figure": "calendar", "labels": {"month_1": "Ground", "month_2": "Growth", "month_3": "Scale"}},
            "forecast": {"kind": "figure", "figure": "forecast"},
        })  # fmt: skip
        blocks = blocks_of(document(of, lead(), budget=1000))
        split, calendar, forecast = (blocks[f"extra.{id_}"].data or {} for id_ in ("split", "calendar", "forecast"))
        assert (split["center"], split["caption"]) == ("€1,000", "a month")
        assert split["parts"][2]["name"] == "Flyers & posters"
        assert sum(part["percent"] for part in split["parts"]) == 100
        assert [week["number"] for week in calendar["weeks"]] == list(range(1, 14))
        assert calendar["months"] == [
            {"name": "Ground", "first": 1, "last": 4}, {"name": "Growth", "first": 5, "last": 8}, {"name": "Scale", "first": 9, "last": 13},
        ]  # fmt: skip
        assert [bar["name"] for bar in calendar["bars"]] == ["Measuring", "Look at it together"]
        assert (forecast["unit"], forecast["total"]) == ("orders", "10–20")
        assert forecast["months"][0] == {
            "name": "Jan\u00a012\u00a0– Feb\u00a08",
            "low": 10,
            "high": 20,
            "text": "10–20",
        }
        json.dumps([split, calendar, forecast])
        silent = blocks_of(document(of, SILENT, budget=None))
        assert "extra.forecast" not in silent
        assert (silent["extra.split"].data or {})["center"] == ""


class TestOrigins:
    def test_a_block_has_the_layer_whose_words_it_has(self) -> None:
        above = {"sections": {"summary": {"blocks": {"goal": {"text": "Ours: {{ said('goal') }}"}}}}}
        blocks = blocks_of(document(words({}, above), lead()))
        assert (blocks["summary.essence"].origin.layer, blocks["summary.goal"].origin.layer) == ("base", "agency")

    def test_a_table_has_the_topmost_layer_whose_words_are_filled_in(self) -> None:
        mix = {"kind": "table", "fill": "channels", "columns": {"name": "Channel", "task": "Job"}}
        above = {"channels": {"email": {"task": "Ours."}}}
        assert blocks_of(document(words(above, blocks={"mix": mix}), lead()))["extra.mix"].origin.layer == "sector"

    def test_conditions_cells_and_variables_count_as_used(self) -> None:
        of = words(blocks={
            "a": {"when": "chose('team', 'alone')", "text": "{{ called }} {{ lead.first_name }} {{ lead.email }}"},
            "b": {"kind": "table", "columns": ["X"], "rows": {"r": {"when": "figure('average_order')", "cells": ["{{ said('city') }}"]}}},
            "c": {"text": "{% if budget %}{{ first.name }}{% endif %}{{ said('nothing') }}"},
            "d": {"text": "Nothing."},
        })  # fmt: skip
        asked = lead(answers={
            "team": ("alone", "Me"), "company": ("x", "Chez Zoë"), "name": ("x", "Zoë"), "email": ("x", "x@y.z"), "city": ("Lyon", "Lyon"),
            "average_order": (9, "9"), "budget": (1000, "€1,000"), "goal": ("g", "G"),
        })  # fmt: skip
        blocks = blocks_of(document(of, asked))
        used = {id_: set(block.origin.answers) for id_, block in blocks.items() if id_.startswith("extra")}
        assert used == {
            "extra.a": {"team", "company", "name", "email"}, "extra.b": {"average_order", "city"}, "extra.c": {"budget", "goal"},
            "extra.d": set(),
        }  # fmt: skip

    def test_what_shows_figures_of_the_plan_says_so(self) -> None:
        of = words(blocks={
            "text": {"text": "{{ first.percent_text }}"}, "when": {"when": "plan.quarter", "text": "Soon."},
            "money": {"text": "{{ money(5) }}"},
            "table": {"kind": "table", "fill": "channels", "columns": {"name": "N", "share": "S"}},
            "chart": {"kind": "figure", "figure": "calendar"}, "answer": {"text": "{{ said('city') }}, {{ budget.text }}"},
        })  # fmt: skip
        blocks = blocks_of(document(of, lead()))
        assert {id_ for id_, block in blocks.items() if block.origin.figures} == {
            "extra.text", "extra.when", "extra.table", "extra.chart",
        }  # fmt: skip


class TestBrokenWords:
    def test_the_place_is_named_and_nothing_of_the_lead(self) -> None:
        of = words(blocks={"a": {"text": "{{ said('city') + 1 }}"}})
        with pytest.raises(BrokenTemplate, match=r"SecurityError in sections/extra/blocks/a$") as caught:
            document(of, lead())
        assert "Nîmes" not in str(caught.value)

    def test_texts_that_show_each_other_end(self) -> None:
        of = words(
            {"channels": {"email": {"task": "{{ channel('email').task }}"}}},
            blocks={"a": {"text": "{{ channel('email').task }}"}},
        )
        with pytest.raises(BrokenTemplate):
            document(of, lead())

    @pytest.mark.parametrize(
        ("above", "place", "message"),
        [
            ({"title": None}, "title", "no text"),
            ({"sections": {"own": {"blocks": {"a": {"text": "x"}}}}}, "sections/own/heading", "no text"),
            ({"sections": {"summary": {"blocks": {"a": {"text": "{{ x"}}}}}, "sections/summary/blocks/a/text", "can't be read"),
            ({"sections": {"summary": {"blocks": {"a": {"text": "<p>x</p>"}}}}}, "sections/summary/blocks/a/text", "Of HTML"),
            ({"sections": {"summary": {"blocks": {"a": {"when": "x %}", "text": "x"}}}}}, "sections/summary/blocks/a/when", "one expr"),
            ({"sections": {"summary": {"blocks": {"a": {"text": "x", "after": "b"}}}}}, "sections/summary/blocks/a/after", "not there"),
            ({"sections": {"summary": {"blocks": {"a": {"kind": "list"}}}}}, "sections/summary/blocks/a/items", "needs items"),
            ({"sections": {"summary": {"blocks": {"a": {"kind": "table", "columns": ["A"], "rows": {"r": ["1", "2"]}}}}}},
             "sections/summary/blocks/a/rows/r", "2 cells"),
            ({"sections": {"summary": {"blocks": {"a": {"kind": "table", "fill": "kpis", "columns": {"x": "X"}}}}}},
             "sections/summary/blocks/a/columns/x", "nothing to fill in"),
            ({"sections": {"summary": {"blocks": {"a": {"kind": "list", "fill": "kpis"}}}}},
             "sections/summary/blocks/a/fill", "filled with"),
            ({"sections": {"summary": {"blocks": {"a": {"kind": "figure"}}}}}, "sections/summary/blocks/a", "`figure`"),
            ({"channels": {"press": {"task": "x"}}}, "channels/press/name", "no text"),
        ],
    )  # fmt: skip
    def test_words_that_make_no_whole_say_where(self, above: dict[str, Any], place: str, message: str) -> None:
        with pytest.raises(NotALayer) as caught:
            words(above)
        assert [(finding.at, message in finding.message) for finding in caught.value.findings] == [(place, True)]

    def test_one_may_stand_behind_what_a_layer_above_removed(self) -> None:
        after = {"sections": {"summary": {"blocks": {"own": {"after": "goal", "text": "Own"}}}}}
        without = {"sections": {"summary": {"blocks": {"goal": None}}}}
        assert "summary.own" in blocks_of(document(words(after, without), lead()))

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("{{ nothing }}", "There is no nothing"), ("{{ score }}", "There is no score"), ("{{ channel('tv').name }}", "no channel tv"),
            ("{{ step('x').name }}", "no step x"), ("{{ said('city') + 1 }}", "can’t be written"),
        ],
    )  # fmt: skip
    def test_a_trial_finds_what_only_shows_when_it_is_written(self, text: str, message: str) -> None:
        found = list(trial.find_problems(words(blocks={"a": {"text": text}}), "here", "en", [lead()]))
        assert any(message in finding.message for finding in found)
        assert {(finding.origin, finding.at) for finding in found} == {("base/en.yml", "sections/extra/blocks/a/text")}

    def test_a_trial_of_good_words_finds_nothing(self) -> None:
        assert list(trial.find_problems(words(), "here", "en", [lead()])) == []


def test_the_briefing_knows_what_the_lead_is_not_told() -> None:
    case = Case(lead(), AGENCY, "ecommerce", "en", trial.TODAY)
    briefing = compose_briefing(words(), plan(words(), case.lead), case)
    assert blocks_of(briefing)["person.score"].text == "70 points at strategy"


REASONS_TABLE: dict[str, Any] = {
    "kind": "table", "fill": "reasons", "columns": {"question": "Q", "answer": "A", "points": "P"},
    "labels": {"elsewhere": "Origin & <i>page</i>", "unanswered": "not <i>said</i>", "total": "All"},
}  # fmt: skip
REASONS = (
    ScoreReason(("budget", "city"), ("Budget <1>", "City"), 80), ScoreReason(("phone",), ("Phone",), -15), ScoreReason((), (), 5),
)  # fmt: skip


class TestWhyThisScore:
    def _blocks(self, reasons: tuple[ScoreReason, ...]) -> dict[str, Block]:
        of = words({"briefing": {"person": {"blocks": {"why": REASONS_TABLE}}}})
        case = Case(lead(), AGENCY, "ecommerce", "en", trial.TODAY, reasons)
        return blocks_of(compose_briefing(of, plan(of, case.lead), case))

    def test_each_reason_is_a_row_with_what_was_answered_and_all_make_the_score(self) -> None:
        table = self._blocks(REASONS)["person.why"]
        assert table.rows == (
            ("Budget &lt;1&gt; · City", "2 500\u00a0€ · Nîmes", "+80"),
            ("Phone", "not <i>said</i>", "-15"),
            ("Origin &amp; <i>page</i>", "", "+5"),
            ("All", "", "70"),
        )
        assert (table.numeric, table.totals, table.origin.answers) == ((2,), True, ("budget", "city"))

    def test_where_they_are_not_known_there_is_no_table(self) -> None:
        assert "person.why" not in self._blocks(())

    def test_the_lead_may_not_read_them(self) -> None:
        with pytest.raises(NotALayer, match="reasons is for staff"):
            words(blocks={"why": REASONS_TABLE})


def test_the_same_case_makes_the_same_document() -> None:
    of, case = words(), Case(lead(), AGENCY, "ecommerce", "en", trial.TODAY)
    back = cases.from_json(json.loads(json.dumps(cases.as_json(case))))
    assert back == case
    assert compose(of, plan(of, case.lead), case) == compose(of, plan(of, case.lead), back)


def test_a_document_survives_being_kept() -> None:
    of = words(blocks={
        "a": {"kind": "figure", "figure": "budget_split"}, "b": {"kind": "list", "items": {"a": "A"}},
        "c": {"kind": "table", "fill": "channels", "columns": {"name": "N", "amount": "A"}, "labels": {"total": "T"}},
    })  # fmt: skip
    made = document(of, lead())
    assert {block.kind for block in blocks_of(made).values()} >= {Kind.FIGURE, Kind.LIST, Kind.TABLE, Kind.LEAD}
    assert document_json.from_json(json.loads(json.dumps(document_json.to_json(made)))) == made


def test_a_document_from_before_figures_were_noted_can_be_read() -> None:
    made = document(words(blocks={"a": {"kind": "figure", "figure": "budget_split"}}), lead())
    kept = document_json.to_json(made)
    for section in kept["sections"]:
        for block in section["blocks"]:
            del block["origin"]["figures"]
    assert blocks_of(document_json.from_json(kept))["extra.a"].origin.figures is False


def test_words_are_compiled_once() -> None:
    assert words() is words()
    assert words({"title": "Other"}).sections[0].blocks[0].text is words().sections[0].blocks[0].text


def test_layers_are_the_same_when_their_texts_are() -> None:
    assert layer(SMALL) == layer(SMALL)
    assert layer(SMALL) != layer({**SMALL, "title": "Other"})
    assert layer(SMALL) != layer(SMALL, LayerName.SECTOR)
