"""Plain documents as PDF: what they say, how they look from inside, and what they refuse to fetch."""

import contextlib
import socket
import threading
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from markezy.kernel.contrast import ink_on
from markezy.strategies.model import Agency
from markezy.strategies.rendering import pdf
from markezy.strategies.rendering.fonts import legible
from markezy.strategies.typefaces import VERA
from PIL import Image
from pypdf import PdfReader

AGENCY = Agency.of("Atelier Nova", {"color": "#a3361f", "website": "https://atelier-nova.example"})


def _reader(html: str, **changed: Any) -> PdfReader:
    given = {"title": "Été à Nîmes", "locale": "fr", "reader": "Zoë Lœuf, Chez Zoë", "agency": AGENCY, **changed}
    return PdfReader(
        BytesIO(pdf.render(pdf.Document(html=html, written_at=datetime(2026, 1, 31, tzinfo=UTC), **given)))
    )


def _text(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def test_accents_and_signs_of_three_languages_can_be_read_and_copied() -> None:
    said = "Œuvre façonnée à l’été – « déjà » ; ¿mañana, pingüino? ¡Sí! Ünïcode 2 500 €, “quoted” … ½ × 3"
    text = _text(_reader(f"<p>{said}</p>"))
    assert said in " ".join(text.replace("\u00a0", " ").split())


def test_the_cover_names_title_reader_agency_and_day() -> None:
    cover = _reader("<p>x</p>").pages[0].extract_text()
    for part in ("Été à Nîmes", "Zoë Lœuf, Chez Zoë", "Atelier Nova", "31 janvier 2026", "Préparée pour"):
        assert part in cover


def test_pages_are_a4_numbered_and_headed() -> None:
    reader = _reader("<p>x</p>" + "<p>word</p>" * 120)
    assert {(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in reader.pages} == {
        (595, 842)
    }
    pages = len(reader.pages)
    assert pages > 2
    assert f"Page 2 sur {pages}" in reader.pages[1].extract_text().replace("\n", " ")
    assert "Atelier Nova" in reader.pages[1].extract_text()


def test_title_author_and_language_are_in_the_metadata() -> None:
    reader = _reader("<p>x</p>")
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Été à Nîmes", "Atelier Nova")
    assert reader.trailer["/Root"]["/Lang"] == "fr"


def test_the_fonts_of_the_text_are_embedded() -> None:
    fonts = _reader("<p>a <b>b</b> <i>c</i></p>").pages[1]["/Resources"]["/Font"]
    names = {font.get_object()["/BaseFont"] for font in fonts.values() if "/FontDescriptor" in font.get_object()}
    assert len(names) >= 3
    assert all("Vera" in name for name in names)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Łukasz Dvořák", "Łukasz Dvorák"),
        ("ﬀ", "ff"),
        ("hi 👋🏽!", "hi !"),
        ("x\u200by", "xy"),
        ("日本", "??"),
        ("a → b", "a › b"),
    ],
)
def test_letters_the_font_lacks_are_written_with_what_it_has(text: str, drawn: str) -> None:
    assert legible(text, VERA) == drawn


def test_a_broken_colour_or_empty_reader_is_no_obstacle() -> None:
    agency = Agency.of("A & <b>B", {"color": "red; } body { display: none", "website": 7})
    reader = _reader("<p>inside</p>", agency=agency, reader="")
    assert "A & <b>B" in reader.pages[0].extract_text()
    assert "inside" in _text(reader)


@pytest.mark.parametrize(
    ("color", "ink"), [("#ffffff", "#111111"), ("#000000", "#ffffff"), ("#ffe14d", "#111111"), ("#a3361f", "#ffffff")]
)
def test_text_on_the_cover_contrasts_with_its_colour(color: str, ink: str) -> None:
    assert ink_on(color) == ink


class TestOutsideResources:
    @pytest.fixture
    def listener(self) -> Iterator[tuple[int, list[str]]]:
        """A port of this machine that notes who calls."""
        callers: list[str] = []
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(0.1)
            done = threading.Event()

            def accept() -> None:
                while not done.is_set():
                    try:
                        connection, _ = server.accept()
                    except TimeoutError:
                        continue
                    callers.append("called")
                    connection.close()

            thread = threading.Thread(target=accept)
            thread.start()
            yield server.getsockname()[1], callers
            done.set()
            thread.join(5)

    @pytest.mark.parametrize(
        "attempt",
        [
            '<img src="http://127.0.0.1:{port}/x.png">',
            '<img src="//127.0.0.1:{port}/x.png">',
            "<style>@import url(http://127.0.0.1:{port}/x.css);</style><p>x</p>",
            "<style>@font-face {{ font-family: X; src: url(http://127.0.0.1:{port}/x.ttf); }} p {{ font-family: X; }}</style><p>x</p>",
            '<link rel="stylesheet" href="http://127.0.0.1:{port}/x.css"><p>x</p>',
            '<p style="background-image: url(http://127.0.0.1:{port}/x.png)">x</p>',
            '<object data="http://127.0.0.1:{port}/x.svg"></object>',
            "<img src=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'"
            " width='9' height='9'%3E%3Cimage xlink:href='http://127.0.0.1:{port}/x.png' width='9' height='9'/%3E%3C/svg%3E\">",
            "<style>@page {{ background-image: url(http://127.0.0.1:{port}/x.pdf); }}</style><p>x</p>",
        ],
    )
    def test_nobody_is_called(self, attempt: str, listener: tuple[int, list[str]]) -> None:
        port, callers = listener
        # An image that can't be had may leave nothing to render; that is the author's problem and nobody else's.
        with contextlib.suppress(pdf.NotRenderable):
            assert "kept" in _text(_reader(attempt.format(port=port) + "<p>kept</p>"))
        assert callers == []

    def test_no_file_is_read(self, tmp_path: Path) -> None:
        secret = tmp_path / "secret.png"
        Image.new("RGB", (40, 40), "red").save(secret)
        for source in (str(secret), secret.as_uri(), f"../../../../../../../..{secret}"):
            reader = _reader(f'<img src="{source}"><p>kept</p>')
            assert "kept" in _text(reader)
            assert [image for page in reader.pages for image in page.images] == []


def test_a_picture_that_came_with_the_content_is_not_drawn() -> None:
    """What draws SVG asks the system for fonts by the names it finds; nobody else decides on those."""
    out = BytesIO()
    Image.new("RGB", (40, 40), "red").save(out, "PNG")
    drawing = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40"><text x="0" y="20">smuggled</text></svg>'
    )
    for kind, body in (("png", out.getvalue()), ("svg+xml", drawing)):
        reader = _reader(f'<p><img src="data:image/{kind};base64,{b64encode(body).decode()}"></p><p>kept</p>')
        assert "kept" in _text(reader)
        assert "smuggled" not in _text(reader)
        assert [image for page in reader.pages for image in page.images] == []


def test_content_that_breaks_a_limit_is_not_renderable() -> None:
    with pytest.raises(pdf.NotRenderable):
        _reader("<div>" * 5000 + "x")
