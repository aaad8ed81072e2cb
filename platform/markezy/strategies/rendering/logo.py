"""An agency's logo, made safe to print and to put on a page: pictures are drawn anew, SVG holds shapes only."""

import re
import warnings
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from io import BytesIO
from itertools import islice
from xml.etree.ElementTree import Element, XMLParser, tostring

from PIL import Image, UnidentifiedImageError
from svglib.svglib import svg2rlg

PNG, JPEG, SVG = "image/png", "image/jpeg", "image/svg+xml"
LARGEST = 512 * 1024
"""Bytes of the file."""
_LARGEST_DRAWING = 128 * 1024
_BEFORE_DRAWING = 4_096
"""Bytes in which an SVG has begun, whatever its program wrote first."""
_LARGEST_PIXELS = 4_000_000
_KEPT_PIXELS = (900, 360)
"""What is printed; at the size logos have on paper that is more than 300 dots an inch."""
_MOST_SHAPES = 2_000
_FORMATS = {PNG: "PNG", JPEG: "JPEG"}

_NAMESPACE = "http://www.w3.org/2000/svg"
_LARGEST_SIDE = 100_000
_PLACING = frozenset({"viewBox", "width", "height", "x", "y", "transform", "preserveAspectRatio"})
_SHAPES = frozenset({
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "defs", "style",
})  # fmt: skip
_UNSEEN = frozenset(f"{{{_NAMESPACE}}}{name}" for name in ("title", "desc", "metadata", "clipPath"))
_ATTRIBUTES = frozenset({
    "viewBox", "width", "height", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "d", "points", "transform",
    "fill", "fill-rule", "fill-opacity", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit",
    "stroke-dasharray", "stroke-opacity", "opacity", "clip-rule", "preserveAspectRatio", "class",
})  # fmt: skip
_RGB = re.compile(r"rgba?\([\d\s,.%]*\)")
_ACTIVE_STYLE = re.compile(r"[@\\<]|url|import|expression|font", re.IGNORECASE)


class Fault(StrEnum):
    """What is wrong with a logo, as far as whoever chose it can do something about it."""

    KIND = "kind"
    LARGE = "large"
    PIXELS = "pixels"
    UNREADABLE = "unreadable"
    DRAWING = "drawing"
    """It is an SVG of more than shapes and plain fills."""


class UnusableLogo(Exception):
    """The file can't be used as a logo; the text says why, for whoever chose it."""

    def __init__(self, fault: Fault, text: str) -> None:
        super().__init__(text)
        self.fault = fault


@dataclass(frozen=True)
class Logo:
    """A clean picture; of its size only the proportions matter."""

    body: bytes
    media_type: str
    width: float
    height: float

    def fitted(self, width: float, height: float) -> tuple[float, float]:
        """Its size in this room."""
        scale = min(width / self.width, height / self.height)
        return self.width * scale, self.height * scale

    def sized(self, width: float, height: float) -> bytes:
        """The picture for this size in points; a drawing carries it in itself."""
        if self.media_type != SVG:
            return self.body
        return self.body.replace(b"<svg ", f'<svg width="{width:.1f}pt" height="{height:.1f}pt" '.encode(), 1)


def cleaned(body: bytes, media_type: str) -> Logo:
    """The logo as it may be shown; UnusableLogo."""
    if len(body) > LARGEST:
        raise UnusableLogo(Fault.LARGE, f"The logo is larger than {LARGEST // 1024} kB.")
    if media_type == SVG:
        if len(body) > _LARGEST_DRAWING:
            raise UnusableLogo(Fault.LARGE, f"The logo is larger than {_LARGEST_DRAWING // 1024} kB.")
        return _drawing(body)
    if media_type in _FORMATS:
        return _picture(body, _FORMATS[media_type])
    raise UnusableLogo(Fault.KIND, "The logo must be a PNG, a JPEG or an SVG.")


def kind_of(body: bytes) -> str:
    """The media type of a picture file by how it begins, whatever its name says; "" for what is none of ours."""
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if body.startswith(b"\xff\xd8\xff"):
        return JPEG
    return SVG if b"<svg" in body[:_BEFORE_DRAWING] else ""


@lru_cache(maxsize=64)
def usable(body: bytes, media_type: str) -> Logo | None:
    """The same for a logo that was accepted once: None instead of an error, so that no document fails for its logo."""
    try:
        return cleaned(body, media_type)
    except UnusableLogo:
        return None


def _picture(body: bytes, kind: str) -> Logo:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(body), formats=[kind]) as opened:
                if opened.width * opened.height > _LARGEST_PIXELS:
                    raise UnusableLogo(
                        Fault.PIXELS, f"The logo has more than {_LARGEST_PIXELS // 1_000_000} million pixels."
                    )
                image = opened.convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombWarning, Image.DecompressionBombError, OSError) as error:
        raise UnusableLogo(Fault.UNREADABLE, "The logo is no readable picture.") from error
    except (ValueError, SyntaxError, EOFError) as error:  # what broken PNG chunks raise
        raise UnusableLogo(Fault.UNREADABLE, "The logo is no readable picture.") from error
    image.thumbnail(_KEPT_PIXELS)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)  # nothing of the file but its pixels is kept
    return Logo(out.getvalue(), PNG, image.width, image.height)


def _drawing(body: bytes) -> Logo:
    try:
        root = _kept(_tree(body))
        left, top, width, height = _view(root)
        root.attrib = {
            "xmlns": _NAMESPACE,
            "viewBox": f"{left:g} {top:g} {width:g} {height:g}",
            **{key: value for key, value in root.attrib.items() if key not in _PLACING},
        }
        logo = Logo(tostring(root), SVG, width, height)
        if svg2rlg(BytesIO(logo.sized(width, height)), resolve_entities=False) is None:
            raise UnusableLogo(Fault.UNREADABLE, "The logo is no readable SVG.")
    except UnusableLogo:
        raise
    except Exception as error:
        # The libraries raise whatever a broken path or a deep nest makes them stumble over.
        raise UnusableLogo(Fault.UNREADABLE, "The logo is no readable SVG.") from error
    return logo


def _view(root: Element) -> tuple[float, float, float, float]:
    """Which part of the plane the drawing shows."""
    numbers = root.get("viewBox") or f"0 0 {root.get('width', '')} {root.get('height', '')}"
    parts = [part.removesuffix("px").removesuffix("pt") for part in numbers.replace(",", " ").split()]
    left, top, width, height = (float(part) for part in parts)
    if not (0 < width < _LARGEST_SIDE and 0 < height < _LARGEST_SIDE and abs(left) + abs(top) < _LARGEST_SIDE):
        raise UnusableLogo(Fault.DRAWING, "The logo has no size.")
    return left, top, width, height


def _tree(body: bytes) -> Element:
    # One encoding only, so that none can hide what is looked for here.
    source = body.decode("utf-8")
    if "<!" in source.replace("<!--", ""):
        raise UnusableLogo(Fault.DRAWING, "The logo has a document type or entities; export it as plain SVG.")
    parser = XMLParser()  # noqa: S314 -- without a document type there are no entities
    parser.feed(source)
    root: Element = parser.close()
    if len(list(islice(root.iter(), _MOST_SHAPES + 1))) > _MOST_SHAPES:
        raise UnusableLogo(Fault.DRAWING, "The logo is too intricate.")
    return root


def _kept(shape: Element) -> Element:
    """The element with the shapes and attributes we know; whatever would look otherwise without the rest is refused."""
    name = shape.tag.removeprefix(f"{{{_NAMESPACE}}}")
    if name not in _SHAPES:
        raise UnusableLogo(
            Fault.DRAWING, f"The logo has an element <{name[:40]}>; export it with outlines and plain fills only."
        )
    styled = (part.partition(":") for part in shape.get("style", "").split(";"))
    found = [*shape.attrib.items(), *((key.strip(), value.strip()) for key, _, value in styled)]
    kept = Element(name, {key: value for key, value in found if key in _ATTRIBUTES and _is_plain(key, value)})
    if name == "style":
        if _ACTIVE_STYLE.search(shape.text or ""):
            raise UnusableLogo(
                Fault.DRAWING, "The logo's style sheet refers to something else; export it with plain fills."
            )
        kept.text = shape.text
    kept.extend([_kept(child) for child in shape if child.tag not in _UNSEEN])
    return kept


def _is_plain(key: str, value: str) -> bool:
    return "(" not in value or key == "transform" or _RGB.fullmatch(value) is not None
