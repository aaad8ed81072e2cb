"""The inline HTML of a document's texts, made safe: `<b>`, `<i>`, `<br>` and nothing else, whoever wrote it."""

import re
from html import escape, unescape

_TAG = re.compile(r"(</?[bi]>|<br ?/?>)")
_SPACES = re.compile(r"[ \t\r\n]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff]")


def inline(text: str) -> str:
    """The text as well-formed HTML. What is no tag of ours is shown as it was written."""
    open_tags: list[str] = []
    written: list[str] = []
    for part in _TAG.split(_CONTROL.sub("", text)):
        if not _TAG.fullmatch(part):
            written.append(escape(unescape(part)))
        elif part.startswith("<br"):
            written.append("<br>")
        elif part[1] != "/":
            # A tag within itself says nothing more.
            if part[1] not in open_tags:
                open_tags.append(part[1])
                written.append(part)
        elif part[2] in open_tags:
            while open_tags:
                closed = open_tags.pop()
                written.append(f"</{closed}>")
                if closed == part[2]:
                    break
    written.extend(f"</{tag}>" for tag in reversed(open_tags))
    return "".join(written).strip()


def plain(text: str) -> str:
    """The text without tags, for where there are none: a title, a chart, an e-mail."""
    parts = _TAG.split(_CONTROL.sub("", text))
    said = "".join(" " if part.startswith("<br") else "" if _TAG.fullmatch(part) else unescape(part) for part in parts)
    return _SPACES.sub(" ", said).strip()
