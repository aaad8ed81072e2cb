"""Charts: what they show adds up, is written beside the colours, can be told apart in grey, and is said aloud."""

import re
from itertools import pairwise
from math import atan2, pi
from typing import Any
from xml.etree import ElementTree

import pytest
from markezy.kernel.contrast import contrast, ink_on
from markezy.strategies.rendering import charts, fonts
from markezy.strategies.rendering.palette import PAPER, REST, palette
from markezy.strategies.writing.document import Block, Kind, Origin

from tests.markezy.strategies.rendering import samples

COLORS = ["#a3361f", "#24364b", "#ffffff", "#000000", "#ffe14d", "#00ff00", "#777777", "#f5f5dc", "#0000ff"]
SVG = "{http://www.w3.org/2000/svg}"


def _figure(name: str, data: dict[str, Any] | None = None, locale: str = "en") -> Block:
    if data is not None:
        return Block("a.b", Kind.FIGURE, Origin("base"), figure=name, data=data)
    sections = samples.strategy(locale).sections
    return next(block for section in sections for block in section.blocks if block.figure == name)


def _drawn(block: Block, locale: str = "en", color: str = "#a3361f", narrow: bool = False) -> ElementTree.Element:
    canvas = (charts.narrow if narrow else charts.wide)(palette(color), locale)
    return ElementTree.fromstring(charts.draw(block, canvas))


def _texts(tree: ElementTree.Element) -> list[str]:
    return [one.text or "" for one in tree.iter(f"{SVG}text")]


class TestColours:
    @pytest.mark.parametrize("color", COLORS)
    def test_text_can_be_read_on_what_it_stands_on(self, color: str) -> None:
        made = palette(color)
        assert contrast(made.text, PAPER) >= 4.5
        assert contrast(made.text, made.soft) >= 4.5
        assert contrast(made.ink, made.accent) >= 4.5
        assert contrast(made.ink, made.deep) >= 4.5

    @pytest.mark.parametrize("color", COLORS)
    def test_shades_can_be_told_apart_in_grey(self, color: str) -> None:
        shades = palette(color).shades(6)
        assert all(contrast(dark, light) >= 1.2 for dark, light in pairwise(shades))
        assert contrast(shades[-1], PAPER) >= 1.9
        assert contrast(shades[-1], REST) >= 1.15
        assert all(contrast(ink_on(shade), shade) >= 4.5 for shade in shades)

    def test_an_agencys_colour_is_kept_where_it_can_be_seen(self) -> None:
        assert palette("#ffd23f").accent == "#ffd23f"
        assert palette("#ffffff").accent != "#ffffff"


class TestBudgetSplit:
    def test_the_parts_close_the_ring(self) -> None:
        shares = []
        for path in _drawn(_figure("budget_split")).iter(f"{SVG}path"):
            numbers = [float(one) for one in re.findall(r"-?[\d.]+", path.get("d", ""))]
            centre = (78.0, next(_centre(_figure("budget_split"))))
            start, end = (_turn(numbers[at], numbers[at + 1], centre) for at in (0, 7))
            shares.append((end - start) % 1)
        assert sum(shares) == pytest.approx(1, abs=0.01)
        assert shares[:3] == pytest.approx([0.24, 0.16, 0.14], abs=0.005)

    @pytest.mark.parametrize("narrow", [False, True])
    def test_every_part_is_named_with_share_and_amount(self, narrow: bool) -> None:
        block = _figure("budget_split")
        assert block.data
        texts = _texts(_drawn(block, narrow=narrow))
        for part in block.data["parts"]:
            assert {part["name"], part["share"], part["amount"]} <= set(texts)
        assert "€2,000" in texts

    def test_one_channel_is_a_whole_ring_and_none_is_no_chart(self) -> None:
        part = {"name": "All", "percent": 100, "share": "100 %", "amount": ""}
        assert len(list(_drawn(_figure("budget_split", {"parts": [part]})).iter(f"{SVG}path"))) == 1
        assert charts.draw(_figure("budget_split", {"parts": []}), charts.wide(palette("#a3361f"), "en")) == ""


def _centre(block: Block) -> Any:
    tree = _drawn(block)
    yield float(tree.get("viewBox", "").split()[3]) / 2


def _turn(x: float, y: float, centre: tuple[float, float]) -> float:
    return (atan2(x - centre[0], centre[1] - y) / (2 * pi)) % 1


class TestCalendar:
    @pytest.mark.parametrize("narrow", [False, True])
    def test_bars_lie_in_their_weeks(self, narrow: bool) -> None:
        block = _figure("calendar")
        assert block.data
        tree = _drawn(block, narrow=narrow)
        width = float(tree.get("viewBox", "").split()[2])
        bars = [one for one in tree.iter(f"{SVG}rect") if one.get("rx") == "2.5"]
        left = 0 if narrow else width * 0.36
        column = (width - left) / 13
        assert len(bars) == len(block.data["bars"])
        for drawn, bar in zip(bars, block.data["bars"], strict=True):
            assert (float(drawn.get("x", 0)) - 1 - left) / column + 1 == pytest.approx(bar["first"], abs=0.01)
            assert (float(drawn.get("width", 0)) + 2) / column == pytest.approx(
                bar["last"] - bar["first"] + 1, abs=0.01
            )

    @pytest.mark.parametrize(("locale", "said"), [("en", "Week 3"), ("fr", "Semaine 3"), ("es", "Semana 3")])
    def test_one_week_is_said_as_one(self, locale: str, said: str) -> None:
        bar = {"name": "Letter", "first": 3, "last": 3, "channel": ""}
        assert said in charts.described(_figure("calendar", {"weeks": [], "months": [], "bars": [bar]}), locale)

    def test_months_and_weeks_are_written_over_them(self) -> None:
        texts = _texts(_drawn(_figure("calendar", locale="fr"), "fr"))
        assert {"Socle", "Premiers résultats", "Croissance", "1 juin", "24 août"} <= set(texts)


class TestForecast:
    def test_bars_reach_from_low_to_high_on_one_scale(self) -> None:
        block = _figure("forecast")
        assert block.data
        tree = _drawn(block)
        bars = [one for one in tree.iter(f"{SVG}rect") if one.get("rx") == "3"]
        spans = [(float(one.get("x", 0)), float(one.get("width", 0))) for one in bars]
        months = block.data["months"]
        units = [length / (month["high"] - month["low"]) for (_, length), month in zip(spans, months, strict=True)]
        assert units == pytest.approx([units[0]] * 3, rel=0.01)
        assert {"8–21", "20–53", "42–111 reservations"} <= set(_texts(tree))

    @pytest.mark.parametrize("highest", [0.5, 1, 7, 53, 990, 12_345, 2_000_000])
    def test_the_scale_has_few_round_marks_and_holds_the_highest(self, highest: float) -> None:
        month = {"name": "June", "low": 0, "high": highest, "text": "x"}
        tree = _drawn(_figure("forecast", {"unit": "u", "months": [month], "total": ""}))
        assert 2 <= len(_texts(tree)) - 3 <= 7
        assert all(float(one.get("x", 0)) + float(one.get("width", 0)) <= 470 for one in tree.iter(f"{SVG}rect"))


class TestWords:
    @pytest.mark.parametrize("name", ["budget_split", "calendar", "forecast"])
    @pytest.mark.parametrize("locale", samples.LOCALES)
    @pytest.mark.parametrize("narrow", [False, True])
    def test_each_has_a_name_and_says_its_figures_aloud(self, name: str, locale: str, narrow: bool) -> None:
        block = _figure(name, locale=locale)
        assert block.data
        tree = _drawn(block, locale, narrow=narrow)
        title, description = tree.find(f"{SVG}title"), tree.find(f"{SVG}desc")
        assert title is not None
        assert description is not None
        assert tree.get("role") == "img"
        assert tree.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
        assert title.text
        said = description.text or ""
        rows = block.data.get("parts") or block.data.get("bars") or block.data["months"]
        assert all(row["name"] in said for row in rows)

    @pytest.mark.parametrize("name", ["budget_split", "calendar", "forecast"])
    @pytest.mark.parametrize("narrow", [False, True])
    def test_no_text_leaves_the_picture(self, name: str, narrow: bool) -> None:
        long = "An extraordinarily long name for something that would have fitted into two words, " * 3
        part = {"name": long, "percent": 100, "share": "100 %", "amount": "€9"}
        week = {"number": 1, "first": "1 Jun"}
        month = {"name": long, "first": 1, "last": 4}
        bar = {"name": long, "first": 1, "last": 2, "channel": long}
        expected = {"name": long, "low": 1, "high": 2, "text": long}
        data = {
            "budget_split": {"center": long, "caption": long, "parts": [part]},
            "calendar": {"weeks": [week], "months": [month], "bars": [bar]},
            "forecast": {"unit": long, "months": [expected], "total": long},
        }[name]
        tree = _drawn(_figure(name, data), narrow=narrow)
        _, _, width, height = map(float, tree.get("viewBox", "").split())
        for one in tree.iter(f"{SVG}text"):
            x, size = float(one.get("x", 0)), float(one.get("font-size", 0))
            room = fonts.width(one.text or "", size, one.get("font-weight") == "bold")
            start = x - {"start": 0, "middle": room / 2, "end": room}[one.get("text-anchor", "start")]
            assert start >= -0.5
            assert start + room <= width + 0.5
            assert 0 < float(one.get("y", 0)) <= height

    def test_a_figure_nobody_knows_is_no_chart(self) -> None:
        assert charts.draw(_figure("pie", {}), charts.wide(palette("#a3361f"), "en")) == ""
