"""How values look on a page."""

from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

from markezy.console.texts import Texts

_STEPS = (
    (timedelta(hours=1), timedelta(minutes=1), "ago.minutes"),
    (timedelta(days=1), timedelta(hours=1), "ago.hours"),
    (timedelta(days=7), timedelta(days=1), "ago.days"),
)


def ago(texts: Texts, at: datetime, now: datetime) -> str:
    """How long ago `at` was, in words; the date when it was a week or more."""
    age = now - at
    if age < timedelta(minutes=1):
        return texts("ago.now")
    for limit, unit, key in _STEPS:
        if age < limit:
            return texts(key, count=age // unit)
    return f"{at:%Y-%m-%d}"


def file_size(count: int) -> str:
    """How large a file is."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} kB"
    return f"{count / 1_000_000:.1f} MB"


def initials(name: str | None) -> str:
    """At most two letters that stand for a name; a question mark for nobody."""
    words = [word for word in (name or "").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


def mail_link(email: str) -> str:
    """A link that writes to `email` and to nobody else: what would begin a header is escaped."""
    return f"mailto:{quote(email, safe='@+')}"


def phone_link(phone: str) -> str:
    """A link that calls `phone`."""
    return "tel:" + "".join(character for character in phone if character in "+0123456789")


def web_address(url: object) -> str | None:
    """`url` if a link may go there: an absolute http(s) address or a path on this host. Visitors can influence some of them."""
    if not isinstance(url, str):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme in ("http", "https") and parts.netloc:
        return url
    return url if url.startswith("/") and not parts.netloc and not parts.scheme else None
