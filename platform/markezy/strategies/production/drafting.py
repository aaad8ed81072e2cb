"""From versions of layers and a case to a document and its figures. The same versions and case give the same draft, byte for byte."""

import hashlib
from dataclasses import dataclass

from markezy.kernel.errors import Invalid
from markezy.strategies.layers.findings import NotALayer
from markezy.strategies.layers.layer import PLAN, Layer, read
from markezy.strategies.layers.merging import merge
from markezy.strategies.numbers.checking import read_assumptions
from markezy.strategies.numbers.model import Plan
from markezy.strategies.numbers.planning import make_plan
from markezy.strategies.versions.model import Stack
from markezy.strategies.writing.assembling import words_of
from markezy.strategies.writing.case import Case
from markezy.strategies.writing.composing import compose, compose_briefing
from markezy.strategies.writing.document import Document
from markezy.strategies.writing.sandbox import BrokenTemplate
from markezy.strategies.writing.words import Words


class NotWritable(Exception):
    """These layers make no strategy of this case. The text says where it fails and holds nothing of the lead."""


@dataclass(frozen=True)
class Draft:
    """A written strategy with what the checks hold it against."""

    document: Document
    plan: Plan
    words: Words


def draft(stack: Stack, case: Case) -> Draft:
    """The lead's strategy. NotWritable when layers are missing or don't fit each other."""
    words, plan = _material(stack, case)
    try:
        return Draft(compose(words, plan, case), plan, words)
    except BrokenTemplate as error:
        raise NotWritable(str(error)) from error


def draft_briefing(stack: Stack, case: Case) -> Document:
    """The staff's briefing about the same case. NotWritable as above."""
    words, plan = _material(stack, case)
    try:
        return compose_briefing(words, plan, case)
    except BrokenTemplate as error:
        raise NotWritable(str(error)) from error


def words_in(stack: Stack) -> Words:
    """The words of the stack's language. NotWritable as above."""
    try:
        return words_of(layers_in(stack, stack.locale))
    except NotALayer as error:
        raise NotWritable("; ".join(map(str, error.findings[:3]))) from error


def content_hash(html: str) -> bytes:
    """SHA-256 of the content."""
    return hashlib.sha256(html.encode()).digest()


def _material(stack: Stack, case: Case) -> tuple[Words, Plan]:
    try:
        assumptions = read_assumptions(merge(layers_in(stack, PLAN)).data)
        return words_in(stack), make_plan(assumptions, case.lead, case.today)
    except NotALayer as error:
        raise NotWritable("; ".join(map(str, error.findings[:3]))) from error
    except Invalid as error:
        raise NotWritable(str(error)) from error


def layers_in(stack: Stack, part: str) -> tuple[Layer, ...]:
    """The stack's layers of a part, read; NotALayer when one can't be."""
    # One that is not saved yet has no number.
    return tuple(
        read(one.source, one.layer, part, f"{one.place} {one.number or ''}".rstrip())
        for one in stack.versions
        if one.part == part
    )
