"""`python -m markezy.cli retention [--dry-run] [<slug>]`: remove what is past its period now, or say what that would be.

Answers 0 when it is done, 1 when there is no such agency. Leads are given up for forgetting; the worker forgets them.
"""

import argparse
import sys
from collections.abc import Mapping
from functools import partial

from markezy.commands.agencies import agencies
from markezy.kernel.clock import now
from markezy.kernel.db import Database, open_database
from markezy.kernel.settings import load_settings
from markezy.privacy import api as privacy

DONE, REFUSED = 0, 1


def add_command(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("slug", nargs="?", help="one agency instead of all")
    parser.add_argument("--dry-run", action="store_true", help="say what would be removed, and change nothing")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    database = open_database(load_settings(), pool_size=1)
    try:
        return run(database, arguments.slug, arguments.dry_run)
    finally:
        database.dispose()


def run(database: Database, slug: str | None, dry_run: bool) -> int:
    """Go through one agency or all of them and print a line for each class of data; the exit code."""
    known = False
    for tenant_id, name in agencies(database, slug):
        known = True
        if dry_run:
            with database.transaction(tenant_id) as connection:
                _print(name, privacy.preview(connection, tenant_id, now()).counts, "to remove")
            continue
        with database.transaction(tenant_id) as connection:
            run_id = privacy.begin(connection, tenant_id, now()).id
        privacy.go_on(partial(database.transaction, tenant_id), tenant_id, run_id)
        with database.transaction(tenant_id) as connection:
            done = next(one for one in privacy.recent_runs(connection, tenant_id) if one.id == run_id)
        _print(name, done.removed, "removed")
    if not known and slug is not None:
        print(f"There is no agency with the slug {slug!r}.", file=sys.stderr)
        return REFUSED
    return DONE


def _print(agency: str, counts: Mapping[str, int], what: str) -> None:
    for data_class, count in counts.items():
        if count:
            print(f"{agency}: {data_class}: {count} {what}.")
    if not any(counts.values()):
        print(f"{agency}: nothing {what}.")
