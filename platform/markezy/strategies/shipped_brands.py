"""The brands of the agencies that come with Markezy, for its demo and its gallery: platform/seeds/brands."""

from base64 import b64encode
from pathlib import Path
from typing import Any

import yaml

from markezy.strategies.rendering.logo import SVG

FOLDER = Path(__file__).resolve().parents[2] / "seeds" / "brands"


def shipped_brand(slug: str) -> dict[str, Any]:
    """The agency's brand as a tenant keeps it, its logo included."""
    brand: dict[str, Any] = yaml.safe_load((FOLDER / f"{slug}.yml").read_text(encoding="utf-8"))
    logo = b64encode((FOLDER / f"{slug}.svg").read_bytes()).decode()
    return {**brand, "logo": {"media_type": SVG, "data": logo}}
