"""Logos: what is accepted comes out clean, what is not says why."""

from io import BytesIO

import pytest
from markezy.strategies.rendering.logo import JPEG, LARGEST, PNG, SVG, UnusableLogo, cleaned, usable
from PIL import Image
from PIL.PngImagePlugin import PngInfo

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 40 20">'
SHAPE = '<path d="M0 0h40v20z" fill="#123456"/>'


def _image(kind: str = "PNG", size: tuple[int, int] = (80, 40), **more: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **more)
    return out.getvalue()


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", PNG), ("JPEG", JPEG)])
def test_a_picture_is_drawn_anew(kind: str, media_type: str) -> None:
    logo = cleaned(_image(kind), media_type)
    assert (logo.media_type, logo.width, logo.height) == (PNG, 80, 40)
    assert Image.open(BytesIO(logo.body)).getpixel((5, 5))[0] > 200


def test_nothing_but_its_pixels_is_kept() -> None:
    info = PngInfo()
    info.add_text("Comment", "made at home by Zoë")
    body = _image(pnginfo=info) + b"<script>alert(1)</script>"
    assert b"Zo" not in cleaned(body, PNG).body
    assert b"script" not in cleaned(body, PNG).body


def test_a_large_picture_is_made_smaller() -> None:
    logo = cleaned(_image(size=(1900, 1000)), PNG)
    assert (logo.width, logo.height) == (684, 360)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"", PNG),
        (b"GIF89a", PNG),
        (_image("GIF"), PNG),
        (_image(), JPEG),
        (_image()[:60], PNG),
        (_image(), "image/webp"),
        (_image(size=(2100, 2000)), PNG),
        (b"x" * (LARGEST + 1), PNG),
    ],
)
def test_what_is_no_sound_picture_is_refused(body: bytes, media_type: str) -> None:
    with pytest.raises(UnusableLogo, match="logo"):
        cleaned(body, media_type)
    assert usable(body, media_type) is None


def test_a_drawing_keeps_its_shapes_and_proportions() -> None:
    logo = cleaned(f"{OPEN}<title>x</title><g transform='scale(2)'>{SHAPE}</g></svg>".encode(), SVG)
    assert (logo.width, logo.height) == (40, 20)
    assert b'fill="#123456"' in logo.body
    assert b"scale(2)" in logo.body
    assert logo.fitted(100, 30) == (60, 30)
    assert logo.sized(60, 30).startswith(b'<svg width="60.0pt" height="30.0pt" ')


def test_colours_in_style_attributes_and_plain_style_sheets_stay() -> None:
    body = f"{OPEN}<style>.a{{fill:#fff}}</style><rect class='a' width='9' height='9' style='fill: rgb(1, 2, 3); filter: url(#f)'/></svg>"
    clean = cleaned(body.encode(), SVG).body
    assert b".a{fill:#fff}" in clean
    assert b"rgb(1, 2, 3)" in clean
    assert b"url" not in clean


def test_what_an_attribute_could_do_is_gone() -> None:
    body = f'{OPEN}<rect width="9" height="9" onload="alert(1)" fill="url(http://a.example/x)" mask="url(#m)"/></svg>'
    clean = cleaned(body.encode(), SVG).body
    assert b"onload" not in clean
    assert b"a.example" not in clean


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<image href="http://a.example/x.png" width="9" height="9"/>',
        '<image xlink:href="data:image/png;base64,AAAA" width="9" height="9"/>',
        '<use xlink:href="http://a.example/x.svg#a"/>',
        '<use xlink:href="#a"/>',
        "<foreignObject><p>x</p></foreignObject>",
        "<style>@import url(http://a.example/x.css);</style>",
        "<style>rect { fill: URL(http://a.example/x) }</style>",
        "<text>Nova</text>",
        '<a href="javascript:alert(1)"><rect width="9" height="9"/></a>',
        "<animate attributeName='href'/>",
        "<g>" * 3000 + "</g>" * 3000,
        "<g>" * 1500 + "</g>" * 1500,
        "<rect/>" * 2500,
    ],
)
def test_a_drawing_that_is_more_than_shapes_is_refused(inside: str) -> None:
    with pytest.raises(UnusableLogo):
        cleaned(f"{OPEN}{inside}</svg>".encode(), SVG)


@pytest.mark.parametrize(
    "body",
    [
        f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>{OPEN}{SHAPE}</svg>'.encode(),
        f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>{OPEN}{SHAPE}</svg>'.encode("utf-16"),
        f"{OPEN}{SHAPE}".encode(),
        b"not xml",
        b"",
        f"<svg xmlns='http://www.w3.org/2000/svg'>{SHAPE}</svg>".encode(),
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 0 9'>{SHAPE}</svg>".encode(),
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 nan inf'>{SHAPE}</svg>".encode(),
        f"<svg viewBox='0 0 9 9'>{'<path/>' * 40_000}</svg>".encode(),
    ],
)
def test_a_drawing_that_is_not_sound_is_refused(body: bytes) -> None:
    with pytest.raises(UnusableLogo):
        cleaned(body, SVG)
