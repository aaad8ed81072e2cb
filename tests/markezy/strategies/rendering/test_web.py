"""The page behind the signed link: complete in itself, accessible, and closed to whatever a text might bring."""

import base64
import hashlib
import re
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from typing import Any

import html5lib
import pytest
from markezy.kernel.contrast import contrast
from markezy.strategies.model import Agency
from markezy.strategies.rendering import web
from markezy.strategies.rendering.brand import Brand
from markezy.strategies.rendering.occasion import Occasion
from PIL import Image

from tests.markezy.strategies.rendering import samples

_BRAND = {"color": "#ffd23f", "website": "https://atelier-nova.example", "email": "hi@atelier-nova.example"}
AGENCY = Agency.of("Atelier Nova", _BRAND)
URL = "/documents/token/pdf"


def _page(locale: str = "en", brand: Brand | None = None) -> web.WebPage:
    occasion = Occasion(brand or Brand(AGENCY), "Zoë Lœuf", datetime(2026, 5, 28, tzinfo=UTC))
    return web.page(samples.strategy(locale), occasion, URL)


def _tree(html: str) -> Any:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(html)


@pytest.mark.parametrize("locale", [*samples.LOCALES, "silent"])
def test_it_is_sound_html_with_landmarks_headings_and_language(locale: str) -> None:
    document, tree = samples.strategy(locale), _tree(_page(locale).html)
    assert tree.get("lang") == document.locale
    assert [len(list(tree.iter(name))) for name in ("header", "nav", "main", "footer", "h1")] == [1] * 5
    levels = [int(one.tag[1]) for one in tree.iter() if re.fullmatch("h[1-6]", str(one.tag))]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [one.get("id") for one in tree.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    targets = [one.get("href") for one in tree.iter("a") if one.get("href", "").startswith("#")]
    assert targets[0] == "#strategy"
    assert {target[1:] for target in targets} <= set(ids)
    assert {f"#{section.id}" for section in document.sections} <= set(targets)
    labels = {word for one in tree.iter() for word in one.get("aria-labelledby", "").split()}
    assert labels <= set(ids)


def test_it_fetches_and_runs_nothing() -> None:
    logo = BytesIO()
    Image.new("RGB", (300, 80), "navy").save(logo, "PNG")
    page = _page(brand=Brand(AGENCY, logo.getvalue(), "image/png"))
    tree = _tree(page.html)
    sources = [one.get("src") for one in tree.iter() if one.get("src")]
    assert len(sources) == 1
    assert sources[0].startswith("data:image/png;base64,")
    assert not {"script", "link", "iframe", "object", "embed", "form"} & {str(one.tag) for one in tree.iter()}
    assert not [name for one in tree.iter() for name in one.attrib if name.startswith("on") or name == "style"]
    assert "url(" not in page.html
    assert "@import" not in page.html
    outside = {one.get("href") for one in tree.iter("a") if not one.get("href", "").startswith("#")}
    assert outside == {URL, "https://atelier-nova.example", "mailto:hi@atelier-nova.example"}


def test_the_policy_allows_its_style_sheet_and_nothing_else() -> None:
    page = _page()
    style = re.search(r"<style>(.*?)</style>", page.html, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page.policy
    assert page.policy.startswith("default-src 'none'; ")
    assert "unsafe" not in page.policy


def test_charts_are_there_for_desktops_and_for_phones() -> None:
    tree = _tree(_page().html)
    for figure in tree.iter("figure"):
        names = [one.get("class") for one in figure if one.tag == "div"]
        assert names == ["wide", "narrow"]


def test_text_on_the_agencys_colour_and_links_on_white_can_be_read() -> None:
    style = re.search(r"<style>(.*?)</style>", _page().html, re.DOTALL)
    assert style
    plate = re.search(r"\.plate \{ background: (#\w{6}); color: (#\w{6})", style[1])
    link = re.search(r"^a \{ color: (#\w{6})", style[1], re.MULTILINE)
    button = re.search(r"\.button \{.*?background: (#\w{6}); color: #fff", style[1])
    assert plate
    assert link
    assert button
    assert plate[1] == "#ffd23f"
    assert contrast(plate[1], plate[2]) >= 4.5
    assert contrast(link[1], "#ffffff") >= 4.5
    assert contrast(button[1], "#ffffff") >= 4.5
    for quiet in set(re.findall(r"color: (#\w{6})", style[1])) - {plate[1], plate[2], "#d5dae1"}:
        assert contrast(quiet, "#ffffff") >= 4.5


@pytest.mark.parametrize(
    "text",
    [
        "</style><script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "javascript:alert(1)",
        "data:text/html,x",
    ],
)
def test_hostile_names_and_texts_are_shown_not_obeyed(text: str) -> None:
    agency = Agency.of(text, {"color": text, "website": text, "email": text})
    brand = Brand(agency, text.encode(), "image/svg+xml")
    page = web.page(samples.hostile(text), Occasion(brand, text, datetime(2026, 5, 28, tzinfo=UTC)), URL)
    tree = _tree(page.html)
    assert not {"script", "img", "iframe"} & {str(one.tag) for one in tree.iter()}
    assert not [name for one in tree.iter() for name in one.attrib if name.startswith("on")]
    assert {one.get("href") for one in tree.iter("a") if not one.get("href", "").startswith("#")} == {URL}
