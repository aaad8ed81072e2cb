"""A document as the checks read it: every text in it with its place, once as it stands and once without what others said."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from markezy.leads.api import QualifiedAnswer
from markezy.strategies.numbers.model import Plan
from markezy.strategies.writing.case import Case
from markezy.strategies.writing.context import CONTACT_QUESTIONS, Context
from markezy.strategies.writing.document import Block, Document, Kind
from markezy.strategies.writing.tidying import one_line
from markezy.strategies.writing.words import Words

GAP = "\ufffc"
"""Stands where words were taken out that are not the document's own."""

_CUT_AT = (80, 300, 600)
"""Where names, quotes and answers in a table end when they are longer."""
_TOKEN = re.compile(r"\w+")
_TAGS = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"(?:[.!?…;:]+[”»\")\]]*|\n)(?:\s+|$)")


class Role(StrEnum):
    """What a text is in its document."""

    TITLE = "title"
    HEADING = "heading"
    PROSE = "prose"
    ITEM = "item"
    COLUMN = "column"
    CELL = "cell"
    LABEL = "label"
    """In a chart."""


@dataclass(frozen=True)
class Piece:
    """A text. `text` is what a reader sees; in `own` the words of the lead and the names of lead and agency are a GAP."""

    place: str
    section: str
    role: Role
    text: str
    own: str


@dataclass(frozen=True)
class Reading:
    """All that the checks look at."""

    document: Document
    plan: Plan
    case: Case
    words: Words
    html: str = ""

    @property
    def language(self) -> str:
        return self.document.locale.replace("_", "-").partition("-")[0].lower()

    @cached_property
    def context(self) -> Context:
        """What writes a text of the words for this case."""
        return Context(self.words, self.plan, self.case)

    @cached_property
    def answers(self) -> tuple[QualifiedAnswer, ...]:
        """What the lead told about their business."""
        given = self.case.lead.answers
        return tuple(one for one in given if one.question not in CONTACT_QUESTIONS and one.display.strip())

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        return tuple(self._pieces())

    @cached_property
    def blocks(self) -> tuple[tuple[str, Block], ...]:
        """(section id, block) pairs."""
        return tuple((section.id, block) for section in self.document.sections for block in section.blocks)

    def pieces_in(self, *sections: str) -> Iterator[Piece]:
        return (piece for piece in self.pieces if piece.section in sections)

    def is_answers_table(self, block: Block) -> bool:
        """Whether the table shows what the lead answered."""
        if block.kind is not Kind.TABLE or not block.rows:
            return False
        said = {(letters(one.label), shown(one)) for one in self.answers}
        rows = [tuple(letters(plain(cell)) for cell in row[:2]) for row in block.rows]
        return 2 * sum(pair in said for pair in rows) > len(rows)

    def _pieces(self) -> Iterator[Piece]:
        for text in (self.document.title, self.document.subtitle):
            yield self._piece("", "", Role.TITLE, text)
        for section in self.document.sections:
            yield self._piece(section.id, section.id, Role.HEADING, section.heading)
            for block in section.blocks:
                for role, text in _texts_of(block):
                    yield self._piece(block.id, section.id, role, text)

    def _piece(self, place: str, section: str, role: Role, text: str) -> Piece:
        shown = plain(text)
        return Piece(place, section, role, shown, self._others.sub(GAP, shown) if self._others else shown)

    @cached_property
    def _others(self) -> re.Pattern[str] | None:
        """What others said or are called, the longest first."""
        contact, agency = self.case.lead.contact, self.case.agency
        names = [contact.name, contact.company, contact.email, contact.phone, agency.name, agency.email, agency.website]
        first = contact.name.split()[:1] if contact.name else []
        said = [one.display for one in self.case.lead.answers]
        whole = [each for each in (*names, *first, *said) if each and _WORD.search(each)]
        cut = [one_line(each, longest) for each in whole for longest in _CUT_AT if len(each) > longest]
        patterns = {_as_said(each) for each in (*whole, *cut)}
        if not patterns:
            return None
        return re.compile("|".join(sorted(patterns, key=len, reverse=True)), re.IGNORECASE)


def _as_said(text: str) -> str:
    """A pattern for what somebody said as it may be shown: other spaces and marks between the words, and none or some at its ends."""
    tokens = _TOKEN.findall(text)
    before, after = text.partition(tokens[0])[0].strip(), text.rpartition(tokens[-1])[2].strip()
    ends = ["".join(rf"(?:\s*{re.escape(mark)})?" for mark in marks if not mark.isspace()) for marks in (before, after)]
    return rf"{ends[0]}(?<!\w)" + r"\W{1,4}".join(map(re.escape, tokens)) + rf"(?!\w){ends[1]}"


def shown(answer: QualifiedAnswer) -> str:
    """What has to be seen of an answer: its letters, up to the length at which a table ends it."""
    return letters(one_line(answer.display, max(_CUT_AT)))


def letters(text: str) -> str:
    """For comparing what was typed with what is shown: no difference of spaces, marks and case."""
    return "".join(_TOKEN.findall(text)).casefold()


def plain(text: str) -> str:
    """Inline HTML as a reader sees it; breaks are line feeds."""
    text = str(text)  # not Markup, which would escape what is put into it
    if "<" in text:
        text = _TAGS.sub("", _BREAK.sub("\n", text))
    return html.unescape(text) if "&" in text else text


def folded(text: str) -> str:
    """For comparing: no difference of spaces, case and kinds of apostrophes."""
    return " ".join(text.replace("’", "'").split()).casefold()


def words_of(text: str) -> list[str]:
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    """Units of thought: colons and semicolons end one too, as Flesch counted them."""
    return [part for part in _SENTENCE_END.split(text) if part.strip()]


def _texts_of(block: Block) -> Iterable[tuple[Role, str]]:
    if block.text:
        yield Role.HEADING if block.kind is Kind.HEADING else Role.PROSE, block.text
    yield from ((Role.ITEM, item) for item in block.items)
    yield from ((Role.COLUMN, column) for column in block.columns)
    yield from ((Role.CELL, cell) for row in block.rows for cell in row)
    yield from ((Role.LABEL, label) for label in _labels(block.data))


def _labels(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from _labels(value)
    elif isinstance(data, (list, tuple)):
        for value in data:
            yield from _labels(value)
