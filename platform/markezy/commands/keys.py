"""`python -m markezy.cli keys rotate`: new keys while everything goes on.

A new master key is written into `MARKEZY_MASTER_KEY_FILE`, which every process reads again when it meets a key it does not know. Without
such a file, put the new key before the others in `MARKEZY_MASTER_KEY`, restart every process, and rotate then.
"""

import argparse
import base64
import os
import secrets
import sys
from pathlib import Path
from uuid import UUID

from envelope.boxes import KEY_BYTES
from markezy.commands.agencies import agencies
from markezy.kernel import audit, signing
from markezy.kernel.db import Database, open_database
from markezy.kernel.logging import configure_security_log, security_log
from markezy.kernel.personal import rotation
from markezy.kernel.settings import Settings, load_settings
from markezy.leads import api as leads

DONE, FAILED = 0, 2


def add_command(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    rotate = actions.add_parser("rotate", help="take new keys from now on; what the old ones sealed still opens")
    rotate.add_argument("which", choices=("master", "tenant", "lead", "signing"))
    rotate.add_argument("--tenant", metavar="SLUG", help="one agency instead of all")
    rotate.add_argument("--lead", metavar="ID", type=UUID, help="one lead of that agency instead of all its leads")
    rotate.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    settings = load_settings()
    configure_security_log("cli", settings.security_log)
    if arguments.lead is not None and arguments.tenant is None:
        print("Say with --tenant whose lead it is.", file=sys.stderr)
        return FAILED
    if arguments.which == "signing":
        return _rotate_signing(settings)
    if arguments.which == "master":
        if settings.master_key_file is None:
            print(
                "No new key was made: MARKEZY_MASTER_KEY_FILE is not set, so the first key of MARKEZY_MASTER_KEY counts."
            )
        else:
            add_master_key(settings.master_key_file)
    database = open_database(settings, pool_size=1)
    try:
        return rotate(database, arguments.which, arguments.tenant, arguments.lead)
    finally:
        database.dispose()


def _rotate_signing(settings: Settings) -> int:
    if settings.signing_keys_file is None:
        print("No new key was made: set MARKEZY_SIGNING_KEYS to the file that is to hold the keys.", file=sys.stderr)
        return FAILED
    signing.rotate(settings.signing_keys_file)
    security_log.warning("keys.rotated", which="signing")
    print(f"A new key signs from now on; the last {signing.KEPT - 1} before it still verify.")
    return DONE


def add_master_key(file: Path) -> None:
    """Put a new key before those in the file, which stays readable by its owner only; a reader sees all of it or nothing."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
        new.write(f"{base64.b64encode(os.urandom(KEY_BYTES)).decode()}\n{file.read_text()}")
    draft.replace(file)


def rotate(database: Database, which: str, slug: str | None, lead_id: UUID | None) -> int:
    """Rotate, agency by agency, and say what was done; the exit code."""
    tenants = 0
    for tenant_id, name in agencies(database, slug):
        tenants += 1
        if which == "master":
            with database.transaction(tenant_id) as connection:
                wrapped = rotation.wrap_by_current_master(connection, tenant_id)
            print(f"{name}: {wrapped} keys wrapped under the current master key.")
        elif which == "tenant":
            print(f"{name}: {_rotate_tenant(database, tenant_id)} leads' keys wrapped under the agency's new key.")
        else:
            print(f"{name}: {_rotate_leads(database, tenant_id, lead_id)} leads have a new key.")
        _write_down(database, tenant_id, which, lead_id)
    if not tenants:
        print(f"There is no agency with the slug {slug!r}.", file=sys.stderr)
        return FAILED
    return DONE


def _write_down(database: Database, tenant_id: UUID, which: str, lead_id: UUID | None) -> None:
    with database.transaction(tenant_id) as connection:
        subject = {"subject_kind": f"{which}_key", "subject_id": str(lead_id or tenant_id)}
        audit.by_operator(connection, tenant_id, "keys.rotated", lead_id=lead_id, **subject)
    security_log.warning("keys.rotated", which=which, tenant_id=str(tenant_id))


def _rotate_tenant(database: Database, tenant_id: UUID) -> int:
    with database.transaction(tenant_id) as connection:
        rotation.add_tenant_key(connection, tenant_id)
    wrapped = 0
    while True:
        with database.transaction(tenant_id) as connection:
            done = rotation.wrap_by_latest_tenant_key(connection, tenant_id)
        wrapped += done
        if not done:
            return wrapped


def _rotate_leads(database: Database, tenant_id: UUID, lead_id: UUID | None) -> int:
    with database.transaction(tenant_id) as connection:
        wanted = rotation.leads_with_keys(connection, tenant_id)
    rotated = 0
    for one in wanted if lead_id is None else [lead_id]:
        with database.transaction(tenant_id) as connection:
            rotated += leads.rotate_key(connection, tenant_id, one)
    return rotated
