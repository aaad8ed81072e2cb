"""Where each block of a strategy came from: the versions whose words and figures it has, and what the lead said that is in it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markezy.leads import api as leads
from markezy.strategies.checks import Finding
from markezy.strategies.layers.layer import PLAN
from markezy.strategies.production.kept import Kept
from markezy.strategies.rendering.inline import plain
from markezy.strategies.rendering.markup import content_html, ident
from markezy.strategies.versions.model import VersionSummary
from markezy.strategies.writing import document_json


@dataclass(frozen=True)
class Said:
    """An answer as it was given. A contact detail that was no question of the flow has no `label`."""

    question: str
    label: str
    display: str


@dataclass(frozen=True)
class Provenance:
    """Where a block came from. `layer` may be `model`: then a language model wrote the words, and there is no version. `figures` are the
    versions of the plan it rests on, in the order of merging; none when it rests on no figures, or from before they were noted.
    """

    layer: str
    version: VersionSummary | None
    figures: tuple[VersionSummary, ...]
    answers: tuple[Said, ...]


@dataclass(frozen=True)
class Explained:
    """A strategy with where its blocks came from, by their ids in reading order, and what the check had to say."""

    kept: Kept
    provenance: Mapping[str, Provenance]
    findings: tuple[Finding, ...]

    @property
    def html(self) -> str:
        """The content with a marker behind each block; those with findings are marked."""
        found = {finding.place for finding in self.findings}
        return content_html(self.kept.document, color=self.kept.case.agency.color, lineage=True, found=found)

    @property
    def versions(self) -> tuple[VersionSummary, ...]:
        """What it was composed of, in the order of merging."""
        return self.kept.stack.versions

    @property
    def headings(self) -> dict[str, str]:
        """By section what it is called."""
        return {section.id: plain(section.heading) for section in self.kept.document.sections}

    def as_json(self, locale: str) -> dict[str, Any]:
        """The document as data: each block with its origin and its findings, these in the language of `locale`."""
        document = document_json.to_json(self.kept.document)
        for section in document["sections"]:
            for block in section["blocks"]:
                block["origin"] = _as_json(self.provenance[block["id"]])
                block["findings"] = [shown(each, locale) for each in self.findings if each.place == block["id"]]
        return {
            **document,
            "strategy_id": self.kept.strategy.id,
            "edition": self.kept.strategy.edition,
            "model": self.kept.strategy.model,
            "findings": [shown(each, locale) for each in self.findings],
            "versions": [_version(one) for one in self.versions],
        }


def explain(kept: Kept) -> Explained:
    """Where everything in the strategy came from."""
    words = {one.layer: one for one in kept.stack.versions if one.part == kept.stack.locale}
    figures = tuple(one for one in kept.stack.versions if one.part == PLAN)
    provenance = {
        block.id: Provenance(
            block.origin.layer,
            words.get(block.origin.layer),
            figures if block.origin.figures else (),
            tuple(said for id_ in block.origin.answers if (said := _said(kept.case.lead, id_)) is not None),
        )
        for section in kept.document.sections
        for block in section.blocks
    }
    findings = tuple(Finding.from_json(each) for each in kept.strategy.findings or ())
    return Explained(kept, provenance, findings)


def anchor_of(place: str) -> str:
    """The id of the element that a finding's place is in `Explained.html`; empty for the document as a whole."""
    return f"b-{ident(place)}" if "." in place else ident(place)


def shown(finding: Finding, locale: str) -> dict[str, str]:
    """A finding as staff read it."""
    return {
        "check": finding.check,
        "place": finding.place,
        "code": finding.problem.code,
        "severity": finding.severity.value,
        "subject": finding.subject(locale),
        "text": finding.text(locale),
    }


def _said(lead: leads.QualifiedLead, question: str) -> Said | None:
    for answer in lead.answers:
        if answer.question == question:
            return Said(question, answer.label, answer.display)
    detail = getattr(lead.contact, question, None)
    return Said(question, "", detail) if isinstance(detail, str) else None


def _as_json(one: Provenance) -> dict[str, Any]:
    return {
        "layer": one.layer,
        "version": None if one.version is None else _version(one.version),
        "figures": [_version(each) for each in one.figures],
        "answers": [vars(said) for said in one.answers],
    }


def _version(one: VersionSummary) -> dict[str, Any]:
    return {
        name: getattr(one, name) for name in ("id", "layer", "sector", "part", "number", "author", "note", "created_at")
    }
