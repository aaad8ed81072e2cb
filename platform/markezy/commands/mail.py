"""`python -m markezy.cli mail report --agency <slug>`: a bounce or a complaint on standard input, from the alias of a mail server.

Answers 0, or 1 when there is no such agency or strategy, or this is no report; then nothing has changed.
"""

import argparse
import sys
from uuid import uuid4

from markezy.commands.agencies import agencies
from markezy.kernel import audit
from markezy.kernel.db import Database, open_database
from markezy.kernel.errors import Problem
from markezy.kernel.settings import load_settings
from markezy.strategies import api as strategies

DONE, REFUSED = 0, 1


def add_command(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="mail_command", required=True)
    report = commands.add_parser("report", help="take a bounce or a complaint from standard input")
    report.add_argument("--agency", required=True, metavar="slug", help="whose e-mail it is about")
    report.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    database = open_database(load_settings(), pool_size=1)
    try:
        return run(database, arguments.agency, sys.stdin.buffer.read(strategies.LARGEST_MAIL_REPORT + 1))
    finally:
        database.dispose()


def run(database: Database, slug: str, raw: bytes) -> int:
    """Act on the report and print what followed; the exit code."""
    for tenant_id, _ in agencies(database, slug):
        try:
            with database.transaction(tenant_id) as connection:
                taken = strategies.take_mail_report(connection, tenant_id, raw, "operator:cli", str(uuid4()))
                audit.by_operator(connection, tenant_id, "mail.reported", lead_id=taken.lead_id)
        except Problem as problem:
            print(problem.detail, file=sys.stderr)
            return REFUSED
        print(taken.result)
        return DONE
    print(f"There is no agency with the slug {slug!r}.", file=sys.stderr)
    return REFUSED
