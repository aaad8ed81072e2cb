"""`python -m markezy.cli verify`: whether the event log is what was written.

Answers 0 when every chain holds, 1 when an event was changed, removed or moved, 2 when the command could not do its work.
"""

import argparse
import sys

from markezy.commands.agencies import agencies
from markezy.kernel import audit
from markezy.kernel.chain import Fault, verify
from markezy.kernel.db import Database, open_database
from markezy.kernel.settings import load_settings

HOLDS, BROKEN, FAILED = 0, 1, 2

_EXPLAINED = {
    Fault.CHANGED: "is not what was written",
    Fault.MISSING: "is missing",
    Fault.OUT_OF_ORDER: "is not in the place where it was written",
    Fault.UNWITNESSED: "is beyond the end of the stream that is on record",
}


def add_command(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tenant", metavar="SLUG", help="one agency instead of all")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    database = open_database(load_settings(), pool_size=1)
    try:
        return run(database, arguments.tenant)
    finally:
        database.dispose()


def run(database: Database, slug: str | None) -> int:
    """Verify one agency or all of them and print a line for each broken stream; the exit code."""
    tenants = streams = events = broken = 0
    for tenant_id, name in agencies(database, slug):
        verified = verify(database, tenant_id)
        with database.transaction(tenant_id) as connection:
            audit.by_operator(connection, tenant_id, "log.verified")
        tenants += 1
        streams += verified.streams
        events += verified.events
        broken += len(verified.breaks)
        for one in verified.breaks:
            print(f"{name}: {one.fault}: event {one.version} of stream {one.stream_id} {_EXPLAINED[one.fault]}.")
    if slug is not None and not tenants:
        print(f"There is no agency with the slug {slug!r}.", file=sys.stderr)
        return FAILED
    print(f"{events} events in {streams} streams of {tenants} agencies read, {broken} streams broken.")
    return BROKEN if broken else HOLDS
