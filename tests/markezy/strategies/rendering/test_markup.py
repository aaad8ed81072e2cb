"""The content as HTML: its structure, its ids, what becomes of dangerous text, and what is read from it elsewhere."""

import re
from xml.etree import ElementTree

import pytest
from markezy.strategies.rendering import markup
from markezy.strategies.rendering.inline import inline, plain
from markezy.strategies.writing.document import Block, Document, Kind, Origin, Section

from tests.markezy.strategies.rendering import samples

OWN = Origin("base")


def _tree(html: str) -> ElementTree.Element:
    """The HTML as a tree; fails when an element is not closed."""
    return ElementTree.fromstring(f"<div>{html.replace('<br>', '<br/>')}</div>")


class TestStructure:
    @pytest.mark.parametrize("locale", [*samples.LOCALES, "silent"])
    def test_every_block_has_its_element_and_every_section_its_heading(self, locale: str) -> None:
        document = samples.strategy(locale)
        tree = _tree(markup.content_html(document))
        ids = [one.get("id") for one in tree.iter() if one.get("id")]
        assert len(ids) == len(set(ids))
        assert {f"b-{block.id.replace('.', '-')}" for one in document.sections for block in one.blocks} <= set(ids)
        assert [one.get("id") for one in tree if one.tag == "section"] == [one.id for one in document.sections]
        assert [one.text for one in tree.iter("h2")] == [one.heading for one in document.sections]

    def test_nothing_is_empty(self) -> None:
        tree = _tree(markup.content_html(samples.strategy()))
        empty = [
            one.tag
            for one in tree.iter()
            if one.tag in {"p", "li", "h2", "h3", "ul", "ol", "table", "figure", "section", "blockquote", "figcaption"}
            and not "".join(one.itertext()).strip()
        ]
        assert empty == []

    def test_what_has_no_content_is_left_out_with_its_headings(self) -> None:
        silent = tuple(Block(f"a.{kind}", kind, OWN) for kind in Kind)
        lonely = (
            Block("b.one", Kind.HEADING, OWN, text="Nothing follows"),
            Block("b.two", Kind.HEADING, OWN, text="Kept"),
            Block("b.text", Kind.PARAGRAPH, OWN, text="below"),
            Block("b.last", Kind.HEADING, OWN, text="Nothing below"),
        )
        html = markup.content_html(Document("", "", "en", (Section("a", "Empty", silent), Section("b", "B", lonely))))
        assert "Empty" not in html
        assert re.findall(r"<h3[^>]*>(.*?)</h3>", html) == ["Kept"]

    def test_a_table_has_scopes_a_caption_and_a_marked_total(self) -> None:
        block = Block(
            "a.t", Kind.TABLE, OWN, text="Money", columns=("What", "How much"), rows=(("Ads", "5"), ("Together", "5")),
            numeric=(1,), totals=True,
        )  # fmt: skip
        tree = _tree(markup.content_html(samples.one(block)))
        assert [one.text for one in tree.iter("caption")] == ["Money"]
        assert [one.get("scope") for one in tree.iter("th")] == ["col", "col", "row", "row"]
        assert [one.get("class") for one in tree.iter("tr")] == [None, None, "total"]
        assert [one.get("class") for one in tree.iter("td")] == ["number", "number"]

    def test_the_same_document_is_the_same_html(self) -> None:
        assert markup.content_html(samples.strategy("fr")) == markup.content_html(samples.strategy("fr"))


class TestLineage:
    def test_staff_sees_on_each_block_where_it_came_from(self) -> None:
        tree = _tree(markup.content_html(samples.strategy(), lineage=True))
        website = next(one for one in tree.iter() if one.get("id") == "b-situation-website")
        assert (website.get("data-layer"), website.get("data-answers")) == ("agency", "website")
        blocks = {one.get("id") for one in tree.iter() if (one.get("id") or "").startswith("b-")}
        markers = [one for one in tree.iter("button") if one.get("class") == "origin"]
        assert {one.get("data-block") for one in markers} == blocks
        assert all(one.get("aria-label") for one in markers)

    def test_the_lead_does_not(self) -> None:
        html = markup.content_html(samples.strategy())
        assert "data-layer" not in html
        assert "<button" not in html


class TestTexts:
    @pytest.mark.parametrize(
        ("written", "shown"),
        [
            ("<b>bold</b> and <i>italic</i><br>new", "<b>bold</b> and <i>italic</i><br>new"),
            ("Salt &amp; pepper", "Salt &amp; pepper"),
            ("Salt & pepper", "Salt &amp; pepper"),
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("<b onclick=x>", "&lt;b onclick=x&gt;"),
            ("<b>open", "<b>open</b>"),
            ("closed</b>", "closed"),
            ("<b><i>crossed</b></i>", "<b><i>crossed</i></b>"),
            ("&lt;b&gt;told", "&lt;b&gt;told"),
            ("bell\x07", "bell"),
        ],
    )
    def test_only_three_tags_are_tags(self, written: str, shown: str) -> None:
        assert inline(written) == shown

    def test_a_plain_text_has_neither_tags_nor_entities(self) -> None:
        assert plain("<b>Salt</b> &amp;<br>pepper\n 5\u00a0€") == "Salt & pepper 5\u00a0€"

    @pytest.mark.parametrize(
        "text",
        [
            "<script>alert(1)</script>",
            '" onload="alert(1)',
            "</style></svg><img src=x onerror=alert(1)>",
            "{{ 7 * 7 }}",
            "]]>&x;",
        ],
    )
    def test_hostile_text_stays_text_wherever_it_stands(self, text: str) -> None:
        tree = _tree(markup.content_html(samples.hostile(text), lineage=True))
        tags = {one.tag.rpartition("}")[2] for one in tree.iter()}
        assert not tags & {"script", "img", "style", "iframe"}
        assert not [name for one in tree.iter() for name in one.keys() if name.startswith("on")]  # noqa: SIM118 -- an element
        assert text.strip() in "".join(tree.itertext())


class TestElsewhere:
    def test_the_summary_is_the_first_section_as_simple_html(self) -> None:
        html = markup.summary_html(samples.strategy())
        assert html.startswith("<p>Chez Zoë is full on Fridays")
        assert "<li>In the second" in html
        assert not re.search(r"<(?!/?(p|b|i|br|ul|ol|li)>)", html)
        assert "situation" not in html

    def test_the_plain_text_says_everything_without_tags(self) -> None:
        text = markup.plain_text(samples.strategy("fr"))
        assert "Votre situation\n===============" in text
        assert "Ville | Lyon" in text
        assert "1. Un appel de 30 minutes cette semaine" in text
        assert "Annonces de recherche\u00a0: 24\u00a0%, 480\u00a0€" in text
        assert not re.search(r"</?[bi]>|&\w+;", text)
