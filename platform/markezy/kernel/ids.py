"""Ids: UUIDv7 (RFC 9562), which sort by time and so keep indexes dense."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import uuid_utils

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BELOW_TIME = 80
"""Bits of an id behind its milliseconds."""


def new_id() -> UUID:
    """A fresh UUIDv7 as the standard library's type."""
    return UUID(int=uuid_utils.uuid7().int)


def time_of(id_: UUID) -> datetime:
    """When a UUIDv7 was made, to the millisecond."""
    return _EPOCH + timedelta(milliseconds=id_.int >> _BELOW_TIME)


def lowest_id_at(at: datetime) -> UUID:
    """What no id made at that time, to the millisecond, or later is below."""
    return UUID(int=max(0, -((_EPOCH - at) // timedelta(milliseconds=1))) << _BELOW_TIME)
