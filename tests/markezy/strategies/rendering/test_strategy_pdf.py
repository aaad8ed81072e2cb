"""The strategy's PDF, read back: what it says and where, what it says of itself, how it looks from inside, and what it refuses."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from markezy.strategies.model import Agency
from markezy.strategies.rendering import pdf
from markezy.strategies.rendering.brand import Brand
from markezy.strategies.rendering.finishing import emptiest
from markezy.strategies.rendering.lettering import Lettering
from markezy.strategies.rendering.occasion import Occasion
from markezy.strategies.rendering.paper import column_shares
from markezy.strategies.typefaces import VERA
from markezy.strategies.writing.document import Block, Document, Kind, Origin, Section
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import IndirectObject, NameObject

from tests.markezy.strategies.rendering import samples

_BRAND = {"color": "#a3361f", "website": "https://atelier-nova.example", "email": "hi@atelier-nova.example"}
AGENCY = Agency.of("Atelier Nova", _BRAND)
OCCASION = Occasion(Brand(AGENCY), "Zoë Lœuf, Chez Zoë", datetime(2026, 5, 28, 9, 30, tzinfo=UTC))
CONTENTS = {"en": "Contents", "fr": "Sommaire", "es": "Índice"}
OWN = Origin("base")


MADE = [
    *((sample, "vera") for sample in (*samples.LOCALES, "silent")),
    ("fr", "lato"),
    ("es", "source-sans"),
    ("en", "source-serif"),
]


@pytest.fixture(scope="module", params=MADE, ids="-".join)
def made(request: pytest.FixtureRequest) -> tuple[Document, bytes]:
    sample, font = request.param
    document = samples.strategy(sample)
    brand = Brand(Agency.of("Atelier Nova", {**_BRAND, "font": font}))
    return document, pdf.render_strategy(document, Occasion(brand, OCCASION.reader, OCCASION.written_at))


def _reader(body: bytes) -> PdfReader:
    return PdfReader(BytesIO(body))


def _pages(reader: PdfReader) -> list[str]:
    return [" ".join(page.extract_text().replace("\u00a0", " ").split()) for page in reader.pages]


def _names(reader: PdfReader) -> Iterator[str]:
    """Every name in the file's objects: what makes a PDF act is spelled with them."""
    seen: set[int] = set()
    waiting: list[Any] = [reader.trailer]
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            if one.idnum not in seen:
                seen.add(one.idnum)
                waiting.append(one.get_object())
        elif isinstance(one, NameObject):
            yield str(one)
        elif isinstance(one, dict):
            yield from map(str, one)
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def _table(rows: list[tuple[str, ...]]) -> Block:
    return Block("a.table", Kind.TABLE, OWN, columns=("Header", "Other"), rows=tuple(rows))


class TestContent:
    def test_cover_contents_and_all_sections_are_there(self, made: tuple[Document, bytes]) -> None:
        document, body = made
        pages = _pages(_reader(body))
        for part in (
            document.title,
            document.subtitle,
            OCCASION.reader,
            "Atelier Nova",
            "2026",
            "hi@atelier-nova.example",
        ):
            assert part in pages[0]
        assert CONTENTS[document.locale] in pages[1]
        inside = " ".join(pages[2:])
        for section in document.sections:
            assert section.heading in inside
        for signature in ("Chez Zoë", samples.LONG_WORD, "Lyon"):
            assert signature in inside.replace(" \u2010", "")

    def test_the_contents_give_the_pages_where_the_sections_begin(self, made: tuple[Document, bytes]) -> None:
        document, body = made
        reader = _reader(body)
        pages = _pages(reader)
        outline = {
            one.title: reader.get_destination_page_number(one) + 1
            for one in reader.outline
            if not isinstance(one, list)
        }
        assert list(outline) == [section.heading for section in document.sections]
        contents = pages[1].partition(CONTENTS[document.locale])[2]
        for heading, number in outline.items():
            assert re.search(rf"\.\.\. ?{number} {re.escape(heading)}", contents)
            assert heading in pages[number - 1]

    def test_pages_are_a4_numbered_headed_and_well_filled(self, made: tuple[Document, bytes]) -> None:
        document, body = made
        reader = _reader(body)
        assert 7 <= len(reader.pages) <= 14
        sizes = {(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in reader.pages}
        assert sizes == {(595, 842)}
        pattern = {"en": "Page {} of {}", "fr": "Page {} sur {}", "es": "Página {} de {}"}[document.locale]
        for number, text in enumerate(_pages(reader)[1:], 2):
            assert pattern.format(number, len(reader.pages)) in text
            assert "Atelier Nova" in text
        assert emptiest(body, 2) >= 0.22

    def test_charts_are_drawn_not_pictured(self, made: tuple[Document, bytes]) -> None:
        document, body = made
        reader = _reader(body)
        assert [image for page in reader.pages for image in page.images] == []
        text = " ".join(_pages(reader))
        for section in document.sections:
            for block in section.blocks:
                if block.kind in (Kind.FIGURE, Kind.TABLE):
                    assert block.text.replace("\u00a0", " ") in text
                if block.figure == "calendar" and block.data:
                    assert all(month["name"] in text for month in block.data["months"])


class TestFile:
    def test_it_says_what_it_is(self, made: tuple[Document, bytes]) -> None:
        document, body = made
        reader = _reader(body)
        about = reader.metadata
        assert about is not None
        assert (about.title, about.author, about.subject) == (document.title, "Atelier Nova", document.subtitle)
        assert about.creation_date == OCCASION.written_at
        root = reader.trailer["/Root"]
        assert root["/Lang"] == document.locale
        assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
        assert root["/PageMode"] == "/UseOutlines"
        assert root["/MarkInfo"]["/Marked"].value is False
        packet = reader.xmp_metadata
        assert packet is not None
        assert packet.dc_title == {"x-default": document.title}
        assert packet.dc_creator == ["Atelier Nova"]
        assert packet.dc_language == [document.locale]

    def test_nothing_in_it_acts_or_leads_outside(self, made: tuple[Document, bytes]) -> None:
        _, body = made
        active = {
            "/URI",
            "/JavaScript",
            "/JS",
            "/Launch",
            "/SubmitForm",
            "/GoToR",
            "/OpenAction",
            "/AA",
            "/EmbeddedFile",
        }
        assert not active & set(_names(_reader(body)))

    def test_the_same_input_gives_the_same_bytes(self) -> None:
        logo = BytesIO()
        Image.new("RGB", (90, 30), "blue").save(logo, "PNG")
        occasion = Occasion(Brand(AGENCY, logo.getvalue(), "image/png"), "Zoë", OCCASION.written_at)
        assert pdf.render_strategy(samples.strategy(), occasion) == pdf.render_strategy(samples.strategy(), occasion)

    def test_another_day_is_another_file(self) -> None:
        later = Occasion(OCCASION.brand, OCCASION.reader, datetime(2026, 6, 1, tzinfo=UTC))
        assert pdf.render_strategy(samples.briefing(), later) != pdf.render_strategy(samples.briefing(), OCCASION)


class TestLayout:
    def test_a_heading_stays_with_what_follows_it(self) -> None:
        """However much stands before it."""
        for lines in range(26, 44, 4):
            filling = tuple(Block(f"a.{line}", Kind.PARAGRAPH, OWN, text=f"line {line}") for line in range(lines))
            following = Block("b.text", Kind.PARAGRAPH, OWN, text="It follows. " * 60)
            document = Document(
                "T", "", "en", (Section("a", "Before", filling), Section("b", "The heading", (following,)))
            )
            pages = [
                page for page in _pages(_reader(pdf.render_strategy(document, OCCASION)))[2:] if "The heading" in page
            ]
            assert "The heading It follows." in pages[0]

    def test_a_long_table_repeats_its_header_and_a_short_one_is_kept_together(self) -> None:
        long = _table([(f"row {row}", "x" * 30) for row in range(80)])
        pages = _pages(_reader(pdf.render_strategy(samples.one(long), OCCASION)))[2:]
        assert len([page for page in pages if "row " in page]) > 2
        assert all("Header Other" in page for page in pages if "row " in page)
        for lines in (32, 37):
            filling = Block("a.text", Kind.STEPS, OWN, items=tuple("line" for _ in range(lines)))
            short = _table([(f"row {row}", "y") for row in range(5)])
            document = Document("T", "", "en", (Section("a", "A", (filling, short)),))
            pages = _pages(_reader(pdf.render_strategy(document, OCCASION)))[2:]
            assert len([page for page in pages if "row " in page]) == 1

    def test_no_item_of_a_list_stands_alone_on_a_page(self) -> None:
        for lines in range(24, 30):
            filling = tuple(Block(f"a.{line}", Kind.PARAGRAPH, OWN, text=f"line {line}") for line in range(lines))
            listed = Block("a.list", Kind.LIST, OWN, items=tuple(f"item {item}" for item in range(5)))
            more = Block("a.more", Kind.PARAGRAPH, OWN, text="It follows. " * 60)
            document = Document("T", "", "en", (Section("a", "A", (*filling, listed, more)),))
            pages = _pages(_reader(pdf.render_strategy(document, OCCASION)))[2:]
            counts = [page.count("item ") for page in pages if "item " in page]
            assert sum(counts) == 5
            assert min(counts) > 1

    @pytest.mark.parametrize("kind", [Kind.STEPS, Kind.TABLE])
    def test_a_heading_stays_with_three_rows_that_stay_together(self, kind: Kind) -> None:
        more = "with more to say about it " * (4 if kind is Kind.STEPS else 30)
        texts = tuple(f"item {row} {more}" for row in range(3))
        rows = tuple((text, "x") for text in texts)
        content = {"items": texts} if kind is Kind.STEPS else {"columns": ("Who", "What"), "rows": rows}
        for lines in range(19, 26):
            filling = tuple(Block(f"a.{line}", Kind.PARAGRAPH, OWN, text=f"line {line}") for line in range(lines))
            closing = Section("b", "Closing", (Block("b.all", kind, OWN, **content),))
            document = Document("T", "", "en", (Section("a", "A", filling), closing))
            pages = _pages(_reader(pdf.render_strategy(document, OCCASION)))[2:]
            assert ["item 0" in page for page in pages if "Closing" in page] == [True]

    def test_a_calendar_too_high_for_a_page_is_drawn_smaller(self) -> None:
        name = "Step number {} with quite a long name that needs two lines"
        bars = [{"name": name.format(place), "first": 1, "last": 13, "channel": "Ads"} for place in range(40)]
        data = {"weeks": [{"number": 1, "first": "1 Jun"}], "months": [], "bars": bars}
        chart = Block("a.chart", Kind.FIGURE, OWN, figure="calendar", data=data)
        pages = _pages(_reader(pdf.render_strategy(samples.one(chart), OCCASION)))
        assert "Step number 0" in pages[2]
        assert "Step number 39" in pages[2]

    @pytest.mark.parametrize("lines", [37, 40, 43])
    def test_no_page_is_left_nearly_empty(self, lines: int) -> None:
        text = tuple(Block(f"a.{line}", Kind.PARAGRAPH, OWN, text=f"line {line}") for line in range(lines))
        body = pdf.render_strategy(Document("T", "", "en", (Section("a", "A", text),)), OCCASION)
        assert emptiest(body, 2) >= 0.2

    def test_a_word_longer_than_its_column_and_a_cell_longer_than_a_page_are_no_obstacle(self) -> None:
        rows = ((samples.LONG_WORD * 4, "short"), ("a", "sentence " * 900))
        table = Block("a.t", Kind.TABLE, OWN, columns=("One", "Two"), rows=rows)
        text = " ".join(_pages(_reader(pdf.render_strategy(samples.one(table), OCCASION))))
        assert text.count("sentence") == 900

    def test_columns_share_the_line_by_what_they_say(self) -> None:
        shares = column_shares(
            [("Channel", "What it is for", "Share"), ("Search ads", "A long explanation " * 9, "24 %")],
            Lettering(VERA),
            (2,),
        )
        assert sum(shares) == 100
        assert shares[1] > shares[0] > shares[2] >= 7

    def test_the_briefing_is_one_sober_column_without_a_cover(self) -> None:
        body = pdf.render_strategy(samples.briefing(), OCCASION, layout="briefing")
        pages = _pages(_reader(body))
        assert len(pages) == 1
        assert pages[0].startswith("Atelier Nova · Briefing For the team only")
        assert "Page 1 of 1" in pages[0]
        assert "One more table every second evening" in pages[0]
        assert [one.title for one in _reader(body).outline] == [
            "Who this is",
            "Why this score",
            "Talking points",
            "Objections",
        ]  # type: ignore[union-attr]


class TestBrand:
    @pytest.mark.parametrize("kind", ["PNG", "JPEG"])
    def test_a_picture_stands_on_the_cover_only(self, kind: str) -> None:
        logo = BytesIO()
        Image.new("RGB", (300, 80), "navy").save(logo, kind)
        brand = Brand(AGENCY, logo.getvalue(), f"image/{kind.lower()}")
        reader = _reader(pdf.render_strategy(samples.briefing(), Occasion(brand, "", OCCASION.written_at)))
        assert [len(page.images) for page in reader.pages] == [1] + [0] * (len(reader.pages) - 1)

    def test_a_drawing_is_drawn_and_an_unusable_logo_is_left_out(self) -> None:
        drawing = (
            b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 3"><path d="M0 0h9v3z" fill="#0a0b0c"/></svg>'
        )
        for logo, media_type, named in ((drawing, "image/svg+xml", 2), (b"junk", "image/png", 3)):
            brand = Brand(AGENCY, logo, media_type)
            cover = _pages(_reader(pdf.render_strategy(samples.briefing(), Occasion(brand, "", OCCASION.written_at))))[
                0
            ]
            assert cover.count("Atelier Nova") == named - 1

    @pytest.mark.parametrize(
        "text",
        [
            "<script>alert(1)</script>",
            "<pdf:nextpage><img src='file:///etc/passwd'>",
            "a" * 400,
            "",
            "日本 \u202e x",
            "]]>",
            "{{ x }}",
        ],
    )
    def test_hostile_names_and_texts_are_printed_not_obeyed(self, text: str) -> None:
        agency = Agency.of(text, {"color": text, "website": text, "email": text})
        reader = _reader(pdf.render_strategy(samples.hostile(text), Occasion(Brand(agency), text, OCCASION.written_at)))
        assert not {"/URI", "/JavaScript", "/JS", "/Launch"} & set(_names(reader))
        assert [image for page in reader.pages for image in page.images] == []
        if text.startswith("<"):
            assert text[:9] in " ".join(_pages(reader))

    @pytest.mark.parametrize("length", [10, 60, 120, 200, 600])
    def test_a_title_of_any_length_fits_the_cover(self, length: int) -> None:
        words = "Strategy for the very long name of a company ".strip()
        title = " ".join([words] * 20)[:length].strip()
        document = Document(title, "Subtitle", "en", samples.briefing().sections)
        pages = _pages(_reader(pdf.render_strategy(document, OCCASION)))
        assert "Contents" in pages[1]
        assert "Subtitle" in pages[0]
