"""Waiting until another transaction of the test's own database waits for a lock."""

import time

import pytest
from markezy.kernel.db import Database
from sqlalchemy import text

_WAITING = text("""
    SELECT count(*) FROM pg_locks
    WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
""")


def until_somebody_waits(database: Database) -> None:
    """Return when a transaction waits for an advisory lock."""
    deadline = time.monotonic() + 60
    while True:
        with database.unscoped() as connection:
            if connection.execute(_WAITING).scalar_one():
                return
        if time.monotonic() > deadline:
            pytest.fail("nobody waits for a lock")
        time.sleep(0.01)
