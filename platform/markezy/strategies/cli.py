"""`python -m markezy.cli strategy …`: the words and figures of strategies, from a shell.

Answers 0 when all is well, 1 when there is something to mend, 2 when the command could not do its work; then a sentence on standard
error says why.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from markezy.kernel.errors import Invalid
from markezy.leads.api import QualifiedLead
from markezy.strategies.gallery import command as gallery
from markezy.strategies.layers.findings import ERROR, Finding, NotALayer
from markezy.strategies.layers.golden import golden_file, golden_leads, golden_reasons
from markezy.strategies.layers.layer import LANGUAGES, PLAN
from markezy.strategies.layers.merging import merge
from markezy.strategies.layers.schema import schema_text
from markezy.strategies.layers.shipped import sectors, shipped_layers
from markezy.strategies.model import Agency
from markezy.strategies.numbers.checking import check_whole, read_assumptions
from markezy.strategies.numbers.planning import make_plan
from markezy.strategies.rendering.markup import plain_text
from markezy.strategies.writing import trial
from markezy.strategies.writing.assembling import words_of
from markezy.strategies.writing.case import Case
from markezy.strategies.writing.composing import compose, compose_briefing
from markezy.strategies.writing.sandbox import BrokenTemplate
from markezy.strategies.writing.words import Words

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
    check.set_defaults(run=_read_as_far_as_wanted(_check))
    write = commands.add_parser("write", help="write a golden lead's strategy, as text")
    write.add_argument("sector")
    write.add_argument("locale", choices=LANGUAGES)
    write.add_argument("lead", help="its name in golden/<sector>.yml")
    write.add_argument("--briefing", action="store_true", help="the staff's briefing instead")
    write.set_defaults(run=_read_as_far_as_wanted(_write))
    show = commands.add_parser("gallery", help="make every sector's golden strategies as PDF and web page, to look at")
    gallery.add_arguments(show)
    show.set_defaults(run=_read_as_far_as_wanted(gallery.run))
    schema = commands.add_parser("schema", help="write the JSON Schema of layers, to standard output")
    schema.add_argument("part", choices=("words", "plan"))
    schema.set_defaults(run=_read_as_far_as_wanted(_schema))


def _read_as_far_as_wanted(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    def guarded(arguments: argparse.Namespace) -> int:
        try:
            return run(arguments)
        except BrokenPipeError:
            # Whoever read has read enough, as in `strategy write … | head`; Python would complain again when it closes the output.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return FINE

    return guarded


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
        yield from (Finding(f"{sector} plan.yml", flaw.place, flaw.problem, flaw.mend) for flaw in check_whole(figures))
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
            yield from trial.unknown_questions(words, asked)
        problems = list(trial.find_problems(words, origin, locale, list(leads.values())))
        yield from problems or _written(words, figures, origin, leads)


def _written(
    words: Words, figures: Mapping[str, Any], origin: str, leads: Mapping[str, QualifiedLead]
) -> Iterator[Finding]:
    """The golden leads' documents with the plans they would get."""
    if check_whole(figures):
        return
    for name, lead in leads.items():
        plan = make_plan(read_assumptions(figures), lead, trial.TODAY)
        try:
            for write in (compose, compose_briefing):
                write(words, plan, Case(lead, _AGENCY, "", lead.locale, trial.TODAY))
        except BrokenTemplate as error:
            yield Finding(origin, "", f"{name}’s document can’t be written: {error}: {error.__cause__}.", "")


def _write(arguments: argparse.Namespace) -> int:
    try:
        words = words_of(shipped_layers(arguments.sector, arguments.locale))
        assumptions = read_assumptions(merge(shipped_layers(arguments.sector, PLAN)).data)
        lead = golden_leads(arguments.sector, arguments.locale).get(arguments.lead)
    except (NotALayer, Invalid) as error:
        print(error, file=sys.stderr)
        return FAILED
    if lead is None:
        print(f"There is no golden lead {arguments.lead}.", file=sys.stderr)
        return FAILED
    reasons = golden_reasons(arguments.sector, arguments.locale)[arguments.lead]
    case = Case(lead, _AGENCY, arguments.sector, arguments.locale, trial.TODAY, reasons)
    made = (compose_briefing if arguments.briefing else compose)(words, make_plan(assumptions, lead, case.today), case)
    print(plain_text(made), end="")
    return FINE


def _schema(arguments: argparse.Namespace) -> int:
    print(schema_text(arguments.part), end="")
    return FINE
