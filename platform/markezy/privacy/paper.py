"""The documents' contents as HTML, in the reader's language; `strategies.api.render_document` puts them on paper."""

from datetime import datetime
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_time
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from markezy.privacy.wording import words

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(template: str, locale: str, **context: Any) -> str:
    """The template in this language. Times are written in UTC: where the reader is, nobody knows."""
    said = words(locale)

    def moment(at: datetime | None) -> str:
        if at is None:
            return ""
        day, time = format_date(at, "medium", locale=said.language), format_time(at, "short", locale=said.language)
        return f"{day}, {time} UTC"

    return _ENVIRONMENT.get_template(template).render(words=said, w=said.export, moment=moment, size=_size, **context)


def _size(number: int) -> str:
    return (
        f"{number} B"
        if number < 1000
        else f"{number / 1000:.0f} kB"
        if number < 1_000_000
        else f"{number / 1e6:.1f} MB"
    )
