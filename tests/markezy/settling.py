"""Waiting for the cluster's older transactions, behind which every reader of the event log waits."""

import time

import pytest
from markezy.kernel.db import Database
from markezy.kernel.projection import Projector
from sqlalchemy import text


def project_all(projector: Projector, relay_database: Database) -> None:
    """Apply everything committed before this call."""
    settle(relay_database)
    while projector.run_once():
        pass


def settle(relay_database: Database) -> None:
    """Return when everything committed before this call is below the readers' horizon.

    A reader takes no event above the oldest running transaction of the whole cluster, and tests that run in parallel share
    one cluster; so those running now have to end first.
    """
    with relay_database.unscoped() as connection:
        target = int(connection.execute(text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")).scalar_one())
    deadline = time.monotonic() + 60
    while True:
        with relay_database.unscoped() as connection:
            oldest = int(connection.execute(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")).scalar_one())
        if oldest >= target:
            break
        if time.monotonic() > deadline:
            pytest.fail("an older transaction did not end")
        time.sleep(0.01)
