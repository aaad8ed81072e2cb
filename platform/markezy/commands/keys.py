"""`python -m markezy.cli keys rotate`: new keys while everything goes on. `keys masters` and `keys retire`: an old master key goes.

A new master key is written into `MARKEZY_MASTER_KEY_FILE`, which every process reads again when it meets a key it does not know. Without
such a file, put the new key before the others in `MARKEZY_MASTER_KEY`, restart every process, and rotate then. A KMS makes its new versions
itself; rotating then wraps by the latest.
"""

import argparse
import base64
import math
import os
import secrets
import sys
from collections import Counter
from pathlib import Path
from uuid import UUID

from envelope.boxes import KEY_BYTES
from envelope.master import ids_in, texts_in
from markezy.accounts import api as accounts
from markezy.commands.agencies import agencies
from markezy.kernel import audit, signing
from markezy.kernel.db import Database, open_database
from markezy.kernel.logging import configure_security_log, security_log
from markezy.kernel.personal import rotation
from markezy.kernel.settings import Settings, SigningSettings, load_settings
from markezy.leads import api as leads

DONE, FAILED = 0, 2


def add_command(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    rotate = actions.add_parser("rotate", help="take new keys from now on; what the old ones sealed still opens")
    rotate.add_argument("which", choices=("master", "tenant", "lead", "signing"))
    rotate.add_argument("--tenant", metavar="SLUG", help="one agency instead of all")
    rotate.add_argument("--lead", metavar="ID", type=UUID, help="one lead of that agency instead of all its leads")
    rotate.set_defaults(run=_run)
    masters = actions.add_parser("masters", help="list the master keys and how many agencies' keys each wraps")
    masters.set_defaults(run=_list_masters)
    retire = actions.add_parser("retire", help="take a master key away that wraps nothing any more")
    retire.add_argument("id", metavar="ID", help="as `keys masters` shows it")
    retire.set_defaults(run=_retire)


def _run(arguments: argparse.Namespace) -> int:
    if arguments.which == "signing":
        return _rotate_signing(SigningSettings())
    settings = load_settings()
    configure_security_log("cli", settings.security_log)
    if arguments.lead is not None and arguments.tenant is None:
        print("Say with --tenant whose lead it is.", file=sys.stderr)
        return FAILED
    if arguments.which == "master":
        if settings.kms_url:
            print("No new key was made: the KMS makes its versions itself, and the latest counts.")
        elif settings.master_key_file is None:
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


def _rotate_signing(settings: SigningSettings) -> int:
    file = settings.signing_keys_file
    if file is None:
        print("No new key was made: set MARKEZY_SIGNING_KEYS to the file that is to hold the keys.", file=sys.stderr)
        return FAILED
    wait = signing.seconds_to_wait(file, accounts.ACCESS_LIFETIME)
    if wait:
        minutes = math.ceil(wait / 60)
        print(f"No new key was made: tokens of the oldest key may still be out for {minutes} minutes.", file=sys.stderr)
        return FAILED
    signing.rotate(file, settings.staff_secret)
    security_log.warning("keys.rotated", which="signing")
    print(f"A new key signs from now on; the last {signing.KEPT - 1} before it still verify.")
    return DONE


def _list_masters(_arguments: argparse.Namespace) -> int:
    settings = load_settings()
    current, wrapped = settings.wrapping().current, _wrapped_by_master(settings)
    for id_ in sorted({current, *wrapped}):
        print(f"{id_}: wraps {wrapped[id_]} keys{', and new ones' if id_ == current else ''}.")
    return DONE


def _retire(arguments: argparse.Namespace) -> int:
    settings, id_ = load_settings(), arguments.id
    if id_ == settings.wrapping().current:
        print(f"{id_} is the current master key: rotate first, then retire it.", file=sys.stderr)
        return FAILED
    left = _wrapped_by_master(settings)[id_]
    if left:
        print(f"{id_} still wraps {left} keys: `keys rotate master` wraps them again.", file=sys.stderr)
        return FAILED
    return _take_away(settings, id_)


def _take_away(settings: Settings, id_: str) -> int:
    file = settings.master_key_file
    if file is not None and remove_master_key(file, id_):
        print(
            f"{id_} is gone from the file. Backups of the database from before the rotation open with a copy of it only."
        )
    elif id_ in ids_in(settings.master_key.get_secret_value()):
        print(f"{id_} wraps nothing: take it out of MARKEZY_MASTER_KEY and restart every process.")
    elif settings.kms_url and ":v" in id_:
        print(f"{id_} wraps nothing: raise the key's min_decryption_version in the KMS.")
    else:
        print(f"There is no master key {id_} here, and it wraps nothing.", file=sys.stderr)
        return FAILED
    return DONE


def _wrapped_by_master(settings: Settings) -> Counter[str]:
    wrapped: Counter[str] = Counter()
    database = open_database(settings, pool_size=1)
    try:
        for tenant_id, _ in agencies(database):
            with database.transaction(tenant_id) as connection:
                wrapped.update(rotation.count_by_master(connection, tenant_id))
    finally:
        database.dispose()
    return wrapped


def add_master_key(file: Path) -> None:
    """Put a new key before those in the file."""
    _replace(file, f"{base64.b64encode(os.urandom(KEY_BYTES)).decode()}\n{file.read_text()}")


def remove_master_key(file: Path, id_: str) -> bool:
    """Leave the key out of the file; whether it was there."""
    keys = texts_in(file.read_text())
    kept = [text for text in keys if ids_in(text) != [id_]]
    if len(kept) == len(keys):
        return False
    _replace(file, "\n".join(kept) + "\n")
    return True


def _replace(file: Path, content: str) -> None:
    """The file stays readable by its owner only, and a reader sees all of it or nothing."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
        new.write(content)
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
