"""`python -m markezy.cli`: what operators do from a shell."""

import argparse
import json
import os
import sys

from markezy.commands import keys, mail, plan, replay, retention, verify
from markezy.flows import cli as flow_cli
from markezy.kernel.db import open_database
from markezy.kernel.logging import configure_logging
from markezy.kernel.settings import load_settings
from markezy.seeding import seed_demo
from markezy.strategies import cli as strategy_cli


def seed() -> None:
    """Create the demo agencies; describe them on standard output and in `tenants.json` of the home."""
    settings = load_settings()
    sandbox_port = os.environ.get("MARKEZY_SANDBOX_PORT")
    database = open_database(settings, pool_size=1)
    try:
        tenants = seed_demo(database, settings, f"http://127.0.0.1:{sandbox_port}" if sandbox_port else None)
    finally:
        database.dispose()
    settings.home.mkdir(parents=True, exist_ok=True)
    draft = settings.home / "tenants.json.draft"
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(tenants, indent=2, ensure_ascii=False))
    draft.replace(settings.home / "tenants.json")
    json.dump(tenants, sys.stdout, ensure_ascii=False)
    print()


def _seed(_arguments: argparse.Namespace) -> int:
    seed()
    return 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="markezy", description="Run Markezy's chores.")
    commands = parser.add_subparsers(dest="command", required=True)
    seeding = commands.add_parser("seed", help="create the demo agencies")
    seeding.add_argument("--demo", action="store_true", required=True, help="the two demo agencies")
    seeding.set_defaults(run=_seed)
    flow_cli.add_commands(commands.add_parser("flow", help="check, play, compare, export and import flows"))
    strategy_cli.add_commands(commands.add_parser("strategy", help="check the words of strategies, and write samples"))
    verify.add_command(commands.add_parser("verify", help="say whether the event log is what was written"))
    replay.add_command(commands.add_parser("replay", help="make a read model anew from the event log"))
    plan.add_command(commands.add_parser("plan", help="say or change what an agency may use"))
    retention.add_command(commands.add_parser("retention", help="remove what is past its period, or say what that is"))
    mail.add_command(commands.add_parser("mail", help="take what mail servers send back"))
    keys.add_command(commands.add_parser("keys", help="take new keys while everything goes on"))
    parsed = parser.parse_args(arguments)
    configure_logging("cli")
    status: int = parsed.run(parsed)
    return status


if __name__ == "__main__":
    sys.exit(main())
