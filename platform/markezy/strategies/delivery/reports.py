"""What mail servers send back, read: bounces (RFC 3464) and complaints (RFC 5965). Pure; who wrote the report is not known, so nothing
in it is believed here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from enum import StrEnum
from uuid import UUID

from markezy.kernel.errors import Invalid

LARGEST_REPORT = 1_000_000
"""Bytes. Servers cut what they return, or return the headers only."""
_DEEPEST = 8
"""Parts within parts; a report has three levels."""

_OURS = re.compile(r"<strategy-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^<>\s]{1,255}>", re.IGNORECASE)
_STATUS = re.compile(r"([245])\.\d{1,3}\.\d{1,3}")
_COMPLAINTS = frozenset({"abuse", "fraud", "opt-out", "opt-out-list"})
"""Feedback types that say: no more of this. The others (`not-spam`, `virus`, `auth-failure` …) are for whoever runs the mail server."""


class Kind(StrEnum):
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    REMARK = "remark"
    """Feedback after which nothing is to be done."""


@dataclass(frozen=True)
class Failure:
    """What became of one recipient: the addresses they are told by, and the status (RFC 3463)."""

    addresses: tuple[str, ...]
    failed: bool
    status: str

    @property
    def is_final(self) -> bool:
        """Another try would end the same."""
        return self.failed and self.status.startswith("5")


@dataclass(frozen=True)
class Report:
    """`failures` are those of a bounce; `addresses` those a complaint names, which may be none."""

    kind: Kind
    strategy_id: UUID
    failures: tuple[Failure, ...] = ()
    addresses: tuple[str, ...] = ()


def read(raw: bytes) -> Report:
    """The report; Invalid, with what is missing, when it is none or not about an e-mail with a strategy."""
    if len(raw) > LARGEST_REPORT:
        raise Invalid(f"A report has at most {LARGEST_REPORT} bytes.")
    try:
        message = message_from_bytes(raw, policy=policy.compat32)
        parts = list(_parts(message, _DEEPEST))
    except RecursionError:
        raise Invalid("This report is nested too deeply.") from None
    if message.get_content_type() != "multipart/report":
        raise _lacking("multipart/report")
    strategy_id = _strategy_of(parts)
    status, feedback = _first(parts, "message/delivery-status"), _first(parts, "message/feedback-report")
    if status is not None:
        return Report(Kind.BOUNCE, strategy_id, failures=_failures(status))
    if feedback is not None:
        fields = _only(feedback)
        type_ = _value(fields, "Feedback-Type").lower()
        if not type_:
            raise _lacking("Feedback-Type")
        named = tuple(address for one in fields.get_all("Original-Rcpt-To", []) if (address := _address(str(one))))
        return Report(Kind.COMPLAINT if type_ in _COMPLAINTS else Kind.REMARK, strategy_id, addresses=named)
    raise _lacking("message/delivery-status or message/feedback-report")


def _lacking(what: str) -> Invalid:
    return Invalid(f"This is no report about a strategy's e-mail: it has no {what}.", missing=what)


def _parts(message: Message, depth: int) -> Iterator[Message]:
    """The message and the parts of its multiparts, not what is within a message that was returned."""
    yield message
    if depth and message.get_content_maintype() == "multipart" and message.is_multipart():
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _parts(part, depth - 1)


def _first(parts: list[Message], type_: str) -> Message | None:
    return next((part for part in parts if part.get_content_type() == type_), None)


def _strategy_of(parts: list[Message]) -> UUID:
    """Which strategy was sent, by the Message-ID of what was returned."""
    for part in parts:
        returned = _returned(part)
        found = None if returned is None else _OURS.search(_value(returned, "Message-ID"))
        if found is not None:
            return UUID(found[1])
    raise _lacking("part with the headers of the original message and a Message-ID of a strategy in them")


def _returned(part: Message) -> Message | None:
    if part.get_content_type() == "message/rfc822":
        return _only(part)
    if part.get_content_type() == "text/rfc822-headers":
        content = part.get_payload(decode=True)
        return message_from_bytes(content, policy=policy.compat32) if isinstance(content, bytes) else None
    return None


def _failures(part: Message) -> tuple[Failure, ...]:
    """Those of each recipient; the first group of fields is about the message."""
    groups = part.get_payload() if part.is_multipart() else []
    found = tuple(_failure(group) for group in groups if isinstance(group, Message) and "Final-Recipient" in group)
    if not found:
        raise _lacking("Final-Recipient")
    return found


def _failure(fields: Message) -> Failure:
    status, action = _STATUS.match(_value(fields, "Status")), _value(fields, "Action").lower()
    if status is None or not action:
        raise _lacking("Status" if status is None else "Action")
    named = (_address(_value(fields, name)) for name in ("Original-Recipient", "Final-Recipient"))
    return Failure(tuple(filter(None, named)), action == "failed", status[0])


def _only(part: Message) -> Message:
    """The message within a part; an empty one when there is none."""
    within = part.get_payload()
    return within[0] if isinstance(within, list) and within and isinstance(within[0], Message) else Message()


def _value(fields: Message, name: str) -> str:
    return str(fields.get(name, "")).strip()


def _address(given: str) -> str:
    """The address of `rfc822; <zoe@lead.example>`."""
    type_, separator, rest = given.partition(";")
    address = rest if separator and type_.strip().lower() in ("rfc822", "utf-8") else given
    return address.strip().removeprefix("<").removesuffix(">").strip()
