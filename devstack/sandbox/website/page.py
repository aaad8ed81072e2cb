"""The demo agencies' pages, as text."""

from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from devstack.sandbox.website.site import Site

_HERE = Path(__file__).resolve().parent
_templates = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

_DESIGNS = {"brightlane", "atelier-nova"}
_DESIGN_OF_LOCALE = {"fr": "atelier-nova"}


def design_of(slug: str, locale: str) -> str:
    """The design a website wears: its own, or for an agency added later the one in its language."""
    return slug if slug in _DESIGNS else _DESIGN_OF_LOCALE.get(locale, "brightlane")


def render_site(slug: str, name: str, locale: str, widget_key: str, bot_url: str) -> str:
    """An agency's landing page, ending in Markezy's one script tag."""
    site = Site(slug, name, locale, widget_key, bot_url.rstrip("/"))
    return _templates.get_template(f"{design_of(slug, locale)}.html").render(site=site)


def site_style(slug: str, locale: str) -> str:
    """The style sheet of the page."""
    return (_HERE / "styles" / f"{design_of(slug, locale)}.css").read_text(encoding="utf-8")


def render_unknown(slug: str, known: Iterable[Site]) -> str:
    """What somebody sees who mistyped an address: the websites there are."""
    return _templates.get_template("unknown.html").render(slug=slug, sites=sorted(known, key=lambda site: site.slug))
