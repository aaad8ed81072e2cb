"""`python -m markezy.cli replay`: read models made anew from the event log, while everything goes on.

Needs the role that owns the tables (MARKEZY_OWNER_DATABASE_URL) beside the application's. Answers 0 when it is done, 1 when
`--check` found a difference, 2 when the command could not do its work; then the old read model is still there.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from markezy.commands.agencies import agencies
from markezy.consents import api as consents
from markezy.kernel import audit
from markezy.kernel.db import Database, open_database
from markezy.kernel.rebuild import CannotRebuild, ReadModel, Rebuild
from markezy.kernel.settings import load_settings
from markezy.leads import api as leads

DONE, DIFFERENT, FAILED = 0, 1, 2

READ_MODELS = {
    leads.PROJECTION_NAME: ReadModel(leads.PROJECTION_NAME, ("lead", "lead_answer", "blind_index"), leads.project),
    consents.PROJECTION_NAME: ReadModel(consents.PROJECTION_NAME, ("consent_receipt",), consents.project),
}
"""What can be made anew. The other projections start things (a handover, a letter) and are not read models."""


def add_command(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--projection", choices=sorted(READ_MODELS), help="one read model instead of all")
    parser.add_argument(
        "--check", action="store_true", help="only say in how many rows the live read model differs from a new one"
    )
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    owner_url = os.environ.get("MARKEZY_OWNER_DATABASE_URL")
    if not owner_url:
        print("MARKEZY_OWNER_DATABASE_URL is not set; replay needs the role that owns the tables.", file=sys.stderr)
        return FAILED
    settings = load_settings()
    owner = Database(owner_url, 2, settings.key_ring())
    database = open_database(settings, pool_size=1)
    names = [arguments.projection] if arguments.projection else sorted(READ_MODELS)
    try:
        return run(owner, database, names, check=arguments.check)
    finally:
        owner.dispose()
        database.dispose()


def run(owner: Database, database: Database, names: Sequence[str], *, check: bool) -> int:
    """Rebuild these read models, or with `check` compare them only, and say what was done; the exit code."""
    status = DONE
    for name in names:
        rebuild = Rebuild(owner, database, READ_MODELS[name])
        try:
            if check:
                differences = rebuild.compare()
                told = ", ".join(f"{table}: {rows} rows differ" for table, rows in differences.items())
                print(f"{name}: {rebuild.events} events replayed; {told}.")
                status = DIFFERENT if any(differences.values()) else status
            else:
                rebuild.swap()
                print(f"{name}: {rebuild.events} events replayed, the new read model is in place.")
        except CannotRebuild as refusal:
            print(f"{name}: {refusal}", file=sys.stderr)
            return FAILED
        _write_down(database, name, "read_model.compared" if check else "read_model.rebuilt")
    return status


def _write_down(database: Database, read_model: str, action: str) -> None:
    for tenant_id, _ in agencies(database):
        with database.transaction(tenant_id) as connection:
            audit.by_operator(connection, tenant_id, action, subject_kind="read_model", subject_id=read_model)
