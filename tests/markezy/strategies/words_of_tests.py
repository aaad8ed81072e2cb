"""Small layers for the tests, and documents made from them."""

from decimal import Decimal
from typing import Any

import yaml
from markezy.leads.api import QualifiedLead
from markezy.strategies.layers.layer import Layer, LayerName, read
from markezy.strategies.model import Agency
from markezy.strategies.numbers.model import Plan
from markezy.strategies.writing import trial
from markezy.strategies.writing.assembling import words_of
from markezy.strategies.writing.case import Case
from markezy.strategies.writing.composing import compose
from markezy.strategies.writing.document import Block, Document
from markezy.strategies.writing.words import Words

AGENCY = Agency.of("Brightlane", {"color": "#2b50d8", "email": "hello@brightlane.example"})

SMALL: dict[str, Any] = {
    "title": "More for {{ called }}",
    "subtitle": "Ninety days",
    "briefing_title": "Briefing",
    "terms": {"business": "your shop", "result": "order", "results": "orders"},
    "channels": {
        "search_ads": {"name": "Search ads", "task": "Be found{% if said('city') %} in {{ said('city') }}{% endif %}."},
        "email": {"name": "E-mail", "task": "Stay in touch."},
        "print": {"name": "Flyers & posters", "task": "Be seen."},
    },
    "steps": {"measuring": {"name": "Measuring", "text": "Count every {{ terms.result }}."}, "review": "Look at it together."},
    "kpis": {"visits": {"name": "Visits", "how": "Counted."}},
    "sections": {
        "summary": {
            "heading": "In short",
            "blocks": {
                "essence": {"kind": "lead", "text": "A plan."},
                "goal": {"when": "said('goal')", "text": "You want <b>{{ said('goal') }}</b>."},
            },
        },
    },
    "briefing": {"person": {"heading": "Who", "blocks": {"score": {"text": "{{ score }} points at {{ outcome }}"}}}},
}  # fmt: skip


def layer(data: dict[str, Any], name: str = LayerName.BASE, part: str = "en") -> Layer:
    """A layer's part, by way of its text."""
    return read(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), name, part, f"{name}/{part}.yml")


def words(*above: dict[str, Any], blocks: dict[str, Any] | None = None) -> Words:
    """The small words with layers above them; `blocks` become the section `extra` of the lowest one."""
    names = list(LayerName)
    base = SMALL
    if blocks is not None:
        base = {**SMALL, "sections": {**SMALL["sections"], "extra": {"heading": "Extra", "blocks": blocks}}}
    return words_of((layer(base), *(layer(data, names[at + 1]) for at, data in enumerate(above))))


def plan(of: Words, lead: QualifiedLead, budget: int | None = 2000) -> Plan:
    return trial.trial_plan(of, None if budget is None else Decimal(budget), lead)


def document(of: Words, lead: QualifiedLead, budget: int | None = 2000, locale: str = "en") -> Document:
    return compose(of, plan(of, lead, budget), Case(lead, AGENCY, "ecommerce", locale, trial.TODAY))


def blocks_of(made: Document) -> dict[str, Block]:
    return {block.id: block for section in made.sections for block in section.blocks}


def texts_of(made: Document) -> list[str]:
    """Everything that is read in it, as inline HTML."""
    texts = [made.title, made.subtitle]
    for section in made.sections:
        texts.append(section.heading)
        for block in section.blocks:
            texts += [block.text, *block.items, *block.columns, *(cell for row in block.rows for cell in row)]
    return [text for text in texts if text]
