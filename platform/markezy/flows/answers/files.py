"""Files a lead has sent, as the channel hands them over."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from babel.numbers import format_decimal

from markezy.flows.answers.cleaning import clean
from markezy.flows.answers.result import Accepted, Given, Rejected
from markezy.flows.definition import Question

MEGABYTE = 1024 * 1024
_LONGEST_NAME = 200


def read_file(question: Question, given: Given, locale: str) -> Accepted | Rejected:
    """`{"file": uuid, "name", "size", "media_type"}` of an allowed type and size; the value has exactly these members."""
    sent = _sent(given.raw)
    if sent is None:
        return Rejected("not_a_file")
    allowed = question.validation.media_types
    if allowed and not any(_is_a(sent["media_type"], pattern) for pattern in allowed):
        return Rejected("wrong_file_type", {"types": ", ".join(map(_shown, allowed))})
    most = question.validation.max
    if most is not None and sent["size"] > most * MEGABYTE:
        return Rejected("file_too_large", {"max": format_decimal(most, locale=locale)})
    return Accepted(sent, sent["name"])


def _sent(raw: object) -> dict[str, Any] | None:
    if not isinstance(raw, Mapping):
        return None
    file, name, size, media_type = (raw.get(member) for member in ("file", "name", "size", "media_type"))
    if not (isinstance(file, str) and isinstance(name, str) and isinstance(media_type, str)):
        return None
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        return None
    name = " ".join(clean(name).split())[:_LONGEST_NAME].strip()
    try:
        UUID(file)
    except ValueError:
        return None
    return {"file": file, "name": name, "size": size, "media_type": media_type.casefold()} if name else None


def _is_a(media_type: str, pattern: str) -> bool:
    kind = media_type.partition(";")[0].strip()
    return kind == pattern or (pattern.endswith("/*") and kind.startswith(pattern[:-1]))


def _shown(pattern: str) -> str:
    """ "application/pdf" as people say it: "PDF"."""
    kind, _, subtype = pattern.partition("/")
    return kind if subtype == "*" else subtype.rsplit(".", 1)[-1].rsplit("+", 1)[0].upper()
