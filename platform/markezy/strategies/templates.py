"""Templates: an agency's text with gaps, run in a sandbox.

A template is Jinja2. It may extend or include the shared sections under `_sections/` (platform/seeds/strategy_templates) and nothing
else. It sets `title`, and it writes the content as HTML: headings, paragraphs, lists, tables. What it may use is in `context.py`. A name
that does not exist is an error, not a blank; all values are escaped.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from jinja2 import FileSystemLoader, PrefixLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from markezy.kernel.errors import Invalid
from markezy.leads.api import Contact, QualifiedAnswer, QualifiedLead
from markezy.strategies.context import context_of
from markezy.strategies.model import Agency

SECTIONS = Path(__file__).resolve().parents[2] / "seeds" / "strategy_templates" / "_sections"

_LONGEST_SOURCE = 200_000
_LONGEST_TITLE = 200


class BrokenTemplate(Exception):
    """The template can't be run. The text names kind and line of the problem and holds nothing of the lead."""


@dataclass(frozen=True)
class Written:
    """What a template makes of a lead."""

    title: str
    html: str


def write(source: str, context: Mapping[str, Any]) -> Written:
    """Run a template."""
    try:
        module = _environment().from_string(source).make_module(dict(context))
        title = getattr(module, "title", None)
        html = str(module)
    except TemplateError as error:
        raise BrokenTemplate(f"{type(error).__name__} in line {_line(error)}") from error
    except (TypeError, ValueError, KeyError, AttributeError, ArithmeticError, RecursionError, OverflowError) as error:
        raise BrokenTemplate(f"{type(error).__name__} in line {_line(error)}") from error
    if not isinstance(title, str) or not title.strip():
        raise BrokenTemplate("the template sets no title")
    return Written(" ".join(title.split())[:_LONGEST_TITLE], html)


def check(source: str, locale: str) -> None:
    """Invalid unless the template works for a lead who told everything and for one who told nothing."""
    if len(source) > _LONGEST_SOURCE:
        raise Invalid(f"A template has at most {_LONGEST_SOURCE} characters.")
    for lead in (_TALKATIVE, _SILENT):
        context = context_of(lead, Agency.of("Agency", {}), locale, date(2026, 1, 1))
        try:
            write(source, context)
        except BrokenTemplate as error:
            raise Invalid(f"The template does not work: {error}. {_detail(error)}".strip()) from None


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=PrefixLoader({"_sections": FileSystemLoader(SECTIONS)}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )


def _line(error: BaseException) -> int | str:
    line = getattr(error, "lineno", None)
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith((".j2", "<template>")):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line or "?"


def _detail(error: BrokenTemplate) -> str:
    # Here the lead is a made-up one, so that the engine's own words can be shown to the author.
    return str(error.__cause__) if isinstance(error.__cause__, TemplateError) else ""


def _example(contact: Contact, answers: tuple[QualifiedAnswer, ...]) -> QualifiedLead:
    nobody = UUID(int=0)
    return QualifiedLead(nobody, nobody, nobody, "en", "end", 50, contact, answers)


_TALKATIVE = _example(
    Contact("Ada Example", "ada@example.com", "+441632960000", "Example Ltd"),
    tuple(
        QualifiedAnswer(question, question.title(), value, display)
        for question, value, display in (
            ("goal", "sales", "More sales"), ("budget", 2000, "€2,000"), ("channels", ["instagram"], "Instagram"),
            ("website", "https://example.com", "https://example.com"), ("city", "Lyon", "Lyon"),
            ("timeline", "now", "Now"), ("team", "alone", "Just me"), ("average_order", 60, "€60"),
            ("audience", "Young parents", "Young parents"), ("repeat_rate", 20, "20"), ("markets", "Spain", "Spain"),
            ("average_bill", 30, "€30"), ("signature", "The soup", "The soup"), ("quiet_times", ["weekend"], "Weekend"),
            ("rating", 4.5, "4.5"), ("opening_date", "2026-06-01", "June 1, 2026"), ("event_size", 20, "20"),
            ("platform_covers", 80, "80"), ("delivery_share", 30, "30"),
            ("biggest_cost", "returns", "Returns"), ("launch_date", "2026-06-01", "June 1, 2026"),
        )
    ),
)  # fmt: skip
_SILENT = _example(Contact(), ())
