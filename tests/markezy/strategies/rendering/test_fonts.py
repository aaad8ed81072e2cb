"""Documents in each typeface: the letters that come out again, the faces inside, and one agency's never in another's document."""

import gc
import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from markezy.strategies.model import Agency
from markezy.strategies.rendering import fonts, pdf, web
from markezy.strategies.rendering.brand import Brand
from markezy.strategies.rendering.occasion import Occasion
from markezy.strategies.typefaces import LATO, SOURCE_SANS, SOURCE_SERIF, VERA, Typeface, typefaces
from pypdf import PdfReader
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]

from tests.markezy.strategies.rendering import samples

WRITTEN_AT = datetime(2026, 5, 28, 9, 30, tzinfo=UTC)
EVERY_LETTER = (
    "ÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜŸ àâäæçéèêëîïôöœùûüÿ ÁÍÑÓÚ áíñóú "
    "¿qué? ¡sí! ºª « là » “a” ‘b’ d’été – — … 2 500,50 € £ $ % & @ § ° · • × ½ ± © ® ™ ‹ ›"
)
BASE_14 = re.compile("Helvetica|Times|Courier|Symbol|ZapfDingbats")

every_typeface = pytest.mark.parametrize("face", typefaces(), ids=lambda one: one.key)


def _plain(face: Typeface, html: str, name: str = "Zoë & fils") -> bytes:
    agency = Agency.of(name, {"color": "#a3361f", "font": face.key})
    return pdf.render(pdf.Document("Été à Nîmes", "fr", "Zoë Lœuf", agency, WRITTEN_AT, html))


def _strategy(face: Typeface, locale: str = "en", layout: pdf.Layout = "strategy") -> bytes:
    brand = Brand(Agency.of("Atelier Nova", {"color": "#a3361f", "font": face.key}))
    document = samples.briefing() if layout == "briefing" else samples.strategy(locale)
    return pdf.render_strategy(document, Occasion(brand, "Zoë Lœuf", WRITTEN_AT), layout=layout)


def _fonts(body: bytes) -> Iterator[dict[str, Any]]:
    for page in PdfReader(BytesIO(body)).pages:
        yield from (font.get_object() for font in page["/Resources"]["/Font"].values())


def _text(body: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(body)).pages)


@every_typeface
class TestLetters:
    @pytest.mark.parametrize("style", ["{}", "<b>{}</b>", "<i>{}</i>", "<b><i>{}</i></b>"])
    def test_those_of_three_languages_come_out_as_they_went_in(self, face: Typeface, style: str) -> None:
        body = _plain(face, f"<p>{style.format(EVERY_LETTER)}</p>")
        assert EVERY_LETTER.replace("\u00a0", " ") in _text(body).replace("\u00a0", " ")

    def test_blanks_that_do_not_break_do_not(self, face: Typeface) -> None:
        pieces = " ".join(f"{'mot ' * (1 + place % 5)}prix\u00a0: 2\u202f500\u00a0€" for place in range(60))
        page = PdfReader(BytesIO(_plain(face, f"<p>{pieces}</p>"))).pages[1]
        lines = [line.split() for line in page.extract_text().splitlines() if line.strip()]
        assert sum(line.count("€") for line in lines) == 60
        assert len(lines) > 10
        assert not {line[0] for line in lines} & {":", "€", "500"}

    def test_what_it_lacks_is_written_with_what_it_has(self, face: Typeface) -> None:
        read = fonts.legible("a → b ← c ✓ № 5 \u2009 ‑ 日 👋🏽 Łukasz", face)
        assert fonts.legible(read, face) == read
        assert ("→" in read) == (face is SOURCE_SANS)
        assert ("✓" in read) == (face is SOURCE_SANS)
        assert "No 5" in read or "№ 5" in read
        assert "👋" not in read
        assert "ukasz" in read

    @pytest.mark.parametrize("bold", [False, True])
    def test_no_line_is_wider_than_in_the_widest(self, face: Typeface, bold: bool) -> None:
        """What has room in Vera has room in each. A word or two may be a little wider; where that matters, they are measured."""
        for locale in samples.LOCALES:
            for section in samples.strategy(locale).sections:
                for block in section.blocks:
                    cells = [cell for row in block.rows for cell in row]
                    for text in (block.text, section.heading, *block.items, *block.columns, *cells):
                        if len(text) > 20:
                            assert fonts.width(text, 9, face, bold) <= fonts.width(text, 9, VERA, bold)


@every_typeface
class TestFile:
    @pytest.mark.parametrize("layout", ["strategy", "briefing"])
    def test_all_its_faces_are_the_agencys_embedded_and_cut_to_the_letters_used(
        self, face: Typeface, layout: pdf.Layout
    ) -> None:
        body = _strategy(face, layout=layout)
        names = set()
        for font in _fonts(body):
            assert "/FontFile2" in font["/FontDescriptor"]
            names.add(str(font["/BaseFont"]))
        assert names
        assert all(re.fullmatch(r"/[A-Z]{6}\+\S+", name) for name in names)
        own = {
            file.stem.replace("Vera", "BitstreamVeraSans-").replace("-Bd", "-Bold").partition("-")[0]
            for file in face.files
        }
        assert {name.partition("+")[2].partition("-")[0] for name in names} == own
        assert not any(BASE_14.search(name) for name in names)
        assert len(body) < 200_000

    def test_all_that_a_plain_document_may_hold_is_set_in_it(self, face: Typeface) -> None:
        listed = "<ul><li>one</li><li><b>two</b></li></ul><ol><li>three</li></ol>"
        table = "<table><tr><th>a</th></tr><tr><td>b <code>c</code> <pre>d</pre></td></tr></table>"
        body = _plain(
            face,
            f"<h1>0</h1><p>a <b>b</b> <i>c</i><sup>2</sup></p>{listed}{table}<hr><h4>e</h4><blockquote>f</blockquote>",
        )
        for font in _fonts(body):
            assert "/FontFile2" in font.get("/FontDescriptor", {})
        text = _text(body)
        assert text.count("•") == 2
        assert "1. three" in text


class TestTurns:
    """One process sets the documents of all agencies."""

    def test_what_was_set_before_changes_nothing(self) -> None:
        made = [hashlib.sha256(_strategy(face)).hexdigest() for face in (LATO, SOURCE_SERIF, LATO, VERA, SOURCE_SERIF)]
        assert made[0] == made[2]
        assert made[1] == made[4]
        assert len(set(made)) == 3
        alone = (
            "import hashlib; from tests.markezy.strategies.rendering import test_fonts as own;"
            "print(hashlib.sha256(own._strategy(own.{})).hexdigest())"
        )
        for name, digest in (("LATO", made[0]), ("VERA", made[3])):
            fresh = subprocess.run(
                [sys.executable, "-c", alone.format(name)], capture_output=True, text=True, check=True
            )
            assert fresh.stdout.strip() == digest

    def test_two_at_once_do_not_meet(self) -> None:
        alone = {face: _strategy(face, layout="briefing") for face in typefaces()}
        asked = [*typefaces()] * 3
        with ThreadPoolExecutor(4) as pool:
            made = list(pool.map(lambda face: _strategy(face, layout="briefing"), asked))
        assert made == [alone[face] for face in asked]

    def test_a_face_is_read_once_and_keeps_nothing_of_a_document(self) -> None:
        for face in typefaces():
            _plain(face, "<p>a <b>b</b> <i>c</i> <b><i>d</i></b></p>")
        known = {name: pdfmetrics.getFont(name) for name in pdfmetrics.getRegisteredFontNames()}
        for face in (*typefaces(), *typefaces()):
            _plain(face, "<p>a <b>b</b> <i>c</i> <b><i>d</i></b></p>")
        assert {name: pdfmetrics.getFont(name) for name in pdfmetrics.getRegisteredFontNames()} == known
        gc.collect()  # a document refers to itself, and goes when that is noticed
        assert [name for name, font in known.items() if getattr(font, "state", None)] == []


def test_the_page_behind_the_link_asks_for_the_family_and_fetches_none() -> None:
    shown = {}
    for face in typefaces():
        brand = Brand(Agency.of("Atelier Nova", {"font": face.key}))
        page = web.page(samples.strategy(), Occasion(brand, "", WRITTEN_AT), "/pdf")
        assert "@font-face" not in page.html
        assert "url(" not in page.html
        assert page.policy.startswith("default-src 'none'; ")
        found = re.search(r"font: [\d.]+rem/[\d.]+ ([^;]+);", page.html)
        assert found
        shown[face] = found[1]
    assert len(set(shown.values())) == len(shown)
    assert all(families.endswith("sans-serif") for face, families in shown.items() if face is not SOURCE_SERIF)
    assert shown[SOURCE_SERIF].endswith(", serif")
