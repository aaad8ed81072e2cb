"""The sandbox's own pages."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)


def page(name: str, **context: object) -> str:
    """The rendered template `name`."""
    return _pages.get_template(name).render(**context)
