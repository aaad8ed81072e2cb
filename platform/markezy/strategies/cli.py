"""`python -m markezy.cli strategy …`: the words and figures of strategies, from a shell.

Answers 0 when all is well, 1 when there is something to mend, 2 when the command could not do its work; then a sentence on standard
error says why.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from markezy.leads.api import QualifiedLead
from markezy.strategies.layers.findings import ERROR, Finding, NotALayer
from markezy.strategies.layers.golden import golden_file, golden_leads
from markezy.strategies.layers.layer import LANGUAGES, PLAN
from markezy.strategies.layers.merging import merge
from markezy.strategies.layers.schema import schema_text
from markezy.strategies.layers.shipped import sectors, shipped_layers
from markezy.strategies.model import Agency
from markezy.strategies.numbers.model import Plan
from markezy.strategies.writing import trial
from markezy.strategies.writing.case import Case
from markezy.strategies.writing.composing import compose, compose_briefing
from markezy.strategies.writing.document_text import as_text
from markezy.strategies.writing.words import Words, words_of

FINE, LOOK, FAILED = 0, 1, 2
_BASE = "base"
"""No sector: what leads of a sector get that Markezy has no layer for."""
_AGENCY = Agency.of("Brightlane", {"email": "hello@brightlane.example", "website": "https://brightlane.example"})


def add_commands(parser: argparse.ArgumentParser) -> None:
    """The subcommands of `strategy`; each sets `run`, a function of the parsed arguments that gives the exit code."""
    commands = parser.add_subparsers(dest="strategy_command", required=True, metavar="command")
    check = commands.add_parser(
        "check", help="say what is wrong with the layers and golden leads that come with Markezy"
    )
    check.add_argument("sector", nargs="?", help="one sector; all by default")
    check.set_defaults(run=_check)
    write = commands.add_parser("write", help="write a golden lead's strategy, as text")
    write.add_argument("sector")
    write.add_argument("locale", choices=LANGUAGES)
    write.add_argument("lead", help="its name in golden/<sector>.yml")
    write.add_argument("--briefing", action="store_true", help="the staff's briefing instead")
    write.set_defaults(run=_write)
    schema = commands.add_parser("schema", help="write the JSON Schema of layers, to standard output")
    schema.add_argument("part", choices=("words", "plan"))
    schema.set_defaults(run=_schema)


def _check(arguments: argparse.Namespace) -> int:
    found: dict[Finding, None] = {}
    for sector in [arguments.sector] if arguments.sector else (_BASE, *sectors()):
        found.update((finding, None) for finding in _findings(sector))
    for finding in found:
        print(finding)
    errors = sum(finding.severity == ERROR for finding in found)
    print(f"{errors} error(s), {len(found) - errors} warning(s).")
    return LOOK if errors else FINE


def _findings(sector: str) -> Iterator[Finding]:
    figures: Mapping[str, Any] = {}
    asked: dict[str, set[str]] = {}
    try:
        figures = merge(shipped_layers(sector, PLAN)).data
        if sector != _BASE:
            asked = {id_: set(question.options) for id_, question in golden_file(sector).questions.items()}
    except NotALayer as error:
        yield from error.findings
    for locale in LANGUAGES:
        origin = f"base/{locale}.yml" if sector == _BASE else f"sectors/{sector}/{locale}.yml"
        try:
            words = words_of(shipped_layers(sector, locale))
            leads = golden_leads(sector, locale) if asked else {}
        except NotALayer as error:
            yield from error.findings
            continue
        yield from trial.disagreements(words, figures, origin)
        if asked:
            yield from trial.unknown_questions(words, origin, asked)
        yield from trial.find_problems(words, origin, locale, list(leads.values()))


def _write(arguments: argparse.Namespace) -> int:
    try:
        words = words_of(shipped_layers(arguments.sector, arguments.locale))
        lead = golden_leads(arguments.sector, arguments.locale).get(arguments.lead)
    except NotALayer as error:
        print(error, file=sys.stderr)
        return FAILED
    if lead is None:
        print(f"There is no golden lead {arguments.lead}.", file=sys.stderr)
        return FAILED
    case = Case(lead, _AGENCY, arguments.sector, arguments.locale, trial.TODAY)
    made = (compose_briefing if arguments.briefing else compose)(words, _plan(words, lead), case)
    print(as_text(made))
    return FINE


def _plan(words: Words, lead: QualifiedLead) -> Plan:
    budget = next((Decimal(str(one.value)) for one in lead.answers if one.question == "budget"), None)
    return trial.trial_plan(words, budget, lead)


def _schema(arguments: argparse.Namespace) -> int:
    print(schema_text(arguments.part), end="")
    return FINE
