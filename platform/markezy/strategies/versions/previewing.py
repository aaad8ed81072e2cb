"""What a source would change before it is a version: its findings, and what sample leads would read instead. Keeps nothing."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from markezy.leads.api import QualifiedLead
from markezy.strategies.layers.findings import Finding
from markezy.strategies.layers.layer import LANGUAGES, PLAN
from markezy.strategies.versions import stacks
from markezy.strategies.versions.adding import find_problems, with_source
from markezy.strategies.versions.diff import ChangeKind
from markezy.strategies.versions.model import Place, Stack
from markezy.strategies.versions.workshop import WORKSHOP, NotComposed, Workshop
from markezy.strategies.writing.document import Block, Document


@dataclass(frozen=True)
class BlockChange:
    """A block that reads differently. `block` is its id, `title`, `subtitle`, or `<section>` for a heading; texts hold inline HTML."""

    block: str
    kind: ChangeKind
    before: str | None
    after: str | None


@dataclass(frozen=True)
class GoldenChange:
    """A block that a sample lead would read differently. `block` is its id, `title`, `subtitle`, or `<section>` for a heading."""

    lead: str
    locale: str
    block: str
    kind: ChangeKind
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Failure:
    """A sample lead's strategy that can't be written any more."""

    lead: str
    locale: str
    problem: str


@dataclass(frozen=True)
class Preview:
    """`leads` counts the strategies that were compared, one a sample lead and language."""

    findings: tuple[Finding, ...] = ()
    leads: int = 0
    changes: tuple[GoldenChange, ...] = ()
    failures: tuple[Failure, ...] = ()


def preview(
    connection: Connection, tenant_id: UUID, place: Place, source: str, sector: str, workshop: Workshop = WORKSHOP
) -> Preview:
    """What the source would change, in place of what is in force, for the sample leads of `sector`; of a plan in all languages."""
    findings = find_problems(connection, tenant_id, place, source, sector, workshop)
    if findings:
        return Preview(tuple(findings))
    locales = LANGUAGES if place.part == PLAN else (place.part,)
    before = [stacks.in_force(connection, tenant_id, sector, locale, None) for locale in locales]
    return compare(before, [with_source(stack, place, source) for stack in before], workshop)


def compare(before: Sequence[Stack], after: Sequence[Stack], workshop: Workshop = WORKSHOP) -> Preview:
    """What is different for the sample leads between two rows of stacks, each pair of one sector and language."""
    changes: list[GoldenChange] = []
    failures: list[Failure] = []
    leads = 0
    for old, new in zip(before, after, strict=True):
        for name, lead in workshop.golden_leads(new.sector, new.locale).items():
            leads += 1
            try:
                written = workshop.compose(new, lead)
            except NotComposed as error:
                failures.append(Failure(name, new.locale, str(error)))
                continue
            for block, kind, was, is_ in _differences(_was(old, lead, workshop), _texts(written)):
                changes.append(GoldenChange(name, new.locale, block, kind, was, is_))
    return Preview((), leads, tuple(changes), tuple(failures))


def differences(before: Document, after: Document) -> list[BlockChange]:
    """What the second says otherwise, in its reading order, and then what only the first says."""
    return [BlockChange(*one) for one in _differences(_texts(before), _texts(after))]


def _was(stack: Stack, lead: QualifiedLead, workshop: Workshop) -> dict[str, str]:
    """What the lead reads now; nothing when that can't be written, so that the mend of it shows as new."""
    try:
        return _texts(workshop.compose(stack, lead))
    except NotComposed:
        return {}


def _texts(document: Document) -> dict[str, str]:
    """By block what it says, in reading order."""
    texts = {"title": document.title, "subtitle": document.subtitle}
    for section in document.sections:
        texts[section.id] = section.heading
        texts.update((block.id, _text(block)) for block in section.blocks)
    return texts


def _text(block: Block) -> str:
    """What the block says, one item or row a line."""
    rows = [" | ".join(row) for row in (block.columns, *block.rows) if row]
    figure = [json.dumps(block.data, ensure_ascii=False, sort_keys=True)] if block.data is not None else []
    return "\n".join(part for part in (block.text, *block.items, *rows, *figure) if part)


def _differences(
    before: dict[str, str], after: dict[str, str]
) -> Iterator[tuple[str, ChangeKind, str | None, str | None]]:
    for block, text in after.items():
        if block not in before:
            yield block, ChangeKind.ADDED, None, text
        elif before[block] != text:
            yield block, ChangeKind.CHANGED, before[block], text
    for block, text in before.items():
        if block not in after:
            yield block, ChangeKind.REMOVED, text, None
