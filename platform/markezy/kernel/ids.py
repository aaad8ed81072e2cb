"""Ids: UUIDv7 (RFC 9562), which sort by time and so keep indexes dense."""

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A fresh UUIDv7 as the standard library's type."""
    return UUID(int=uuid_utils.uuid7().int)
