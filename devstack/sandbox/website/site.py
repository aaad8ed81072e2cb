"""A demo agency's website: what it is called, and which assistant answers on it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Site:
    """One website with Markezy's script tag on it."""

    slug: str
    name: str
    locale: str
    widget_key: str
    bot_url: str
