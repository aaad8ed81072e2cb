"""`python -m markezy.cli plan <slug> [<plan> [figure=value …]]`: what an agency may use, and how that is changed.

Answers 0, or 1 when there is no such agency, plan or figure; then nothing has changed.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict

from fairuse.plans import Plan, plans
from markezy.commands.agencies import agencies
from markezy.kernel import audit
from markezy.kernel.db import Database, open_database
from markezy.kernel.errors import Invalid
from markezy.kernel.limits import give_plan, plan_of
from markezy.kernel.settings import load_settings

DONE, REFUSED = 0, 1


def add_command(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("slug", help="the agency")
    parser.add_argument("plan", nargs="?", choices=sorted(plans().by_name), help="the plan it gets; none: only tell")
    parser.add_argument("figures", nargs="*", metavar="figure=value", help="of its own; `none` is not limited")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    database = open_database(load_settings(), pool_size=1)
    try:
        return run(database, arguments.slug, arguments.plan, arguments.figures)
    finally:
        database.dispose()


def run(database: Database, slug: str, name: str | None, figures: Sequence[str]) -> int:
    """Put the agency on the plan if one is named, and print what it may use; the exit code."""
    for tenant_id, _ in agencies(database, slug):
        with database.transaction(tenant_id) as connection:
            try:
                plan = (
                    give_plan(connection, tenant_id, name, _read(figures)) if name else plan_of(connection, tenant_id)
                )
            except Invalid as error:
                print(error.detail, file=sys.stderr)
                return REFUSED
            if name:
                audit.by_operator(connection, tenant_id, "plan.changed", subject_kind="plan", subject_id=name)
        _print(plan)
        return DONE
    print(f"There is no agency with the slug {slug!r}.", file=sys.stderr)
    return REFUSED


def _read(figures: Sequence[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for given in figures:
        figure, _, value = given.partition("=")
        if value != "none" and not (value.isascii() and value.isdigit()):
            raise Invalid(f"{given!r} is not figure=value with a whole number, or none.")
        found[figure] = None if value == "none" else int(value)
    return found


def _print(plan: Plan) -> None:
    for figure, value in asdict(plan).items():
        print(f"{figure:24} {'not limited' if value is None else value}")
