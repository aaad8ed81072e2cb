"""A document with better words where the model had some that pass the guard, and the template's own everywhere else."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from html import escape, unescape

from markezy.leads.api import QualifiedLead
from markezy.strategies.enrichment.client import Answer
from markezy.strategies.enrichment.guard import offence_of
from markezy.strategies.enrichment.masking import Mask, secrets_of
from markezy.strategies.writing.document import Block, Document, Kind

MODEL = "model"
"""The layer of a paragraph that a language model wrote."""
_KINDS = frozenset({Kind.LEAD, Kind.PARAGRAPH})
_SHORTEST = 80
"""Characters below which there is nothing to improve."""
_TAG = re.compile(r"</?[bi]>")
_CHARACTERS_A_TOKEN = 2.5
"""Fewer than any of our languages needs, so that an estimate is never too low."""
_OVERHEAD = 600
"""Tokens of the instructions and the schema."""

Rewrite = Callable[[Mapping[str, str], int], Answer]
"""(texts by block id, most tokens of the answer) → the answer"""


@dataclass(frozen=True)
class Question:
    """What will be asked: masked plain texts by block id, and how many tokens that takes at most."""

    texts: Mapping[str, str]
    mask: Mask
    tokens_in: int
    tokens_out: int


@dataclass(frozen=True)
class Enriched:
    """The document, the ids of the blocks with new words, and why others kept theirs (by block id)."""

    document: Document
    changed: tuple[str, ...]
    refused: Mapping[str, str]


def question(document: Document, lead: QualifiedLead, sections: Collection[str]) -> Question | None:
    """What can be asked about the document; None when there is nothing that may leave the house."""
    mask = Mask(secrets_of(lead))
    texts: dict[str, str] = {}
    for section in document.sections:
        for block in section.blocks if section.id in sections else ():
            plain = unescape(_TAG.sub("", block.text)) if block.kind in _KINDS and "<br>" not in block.text else ""
            covered = mask.cover(plain) if len(plain) >= _SHORTEST else None
            if covered is not None:
                texts[block.id] = covered
    if not texts:
        return None
    length = sum(len(id_) + len(text) + 30 for id_, text in texts.items())
    tokens = int(length / _CHARACTERS_A_TOKEN)
    return Question(texts, mask, tokens + _OVERHEAD, 2 * tokens)


def apply(document: Document, asked: Question, answer: Answer, channels: Collection[str]) -> Enriched:
    """The document with those of the answer's texts that pass the guard."""
    refused: dict[str, str] = {}
    words: dict[str, str] = {}
    for id_, text in answer.texts.items():
        offence = offence_of(asked.texts[id_], text, document.locale, channels)
        if offence is not None:
            refused[id_] = str(offence)
        elif text.strip() != asked.texts[id_]:
            words[id_] = escape(asked.mask.uncover(text.strip()), quote=False)
    sections = tuple(
        replace(section, blocks=tuple(_with(block, words) for block in section.blocks)) for section in document.sections
    )
    return Enriched(replace(document, sections=sections), tuple(words), refused)


def _with(block: Block, words: Mapping[str, str]) -> Block:
    if block.id not in words:
        return block
    return replace(block, text=words[block.id], origin=replace(block.origin, layer=MODEL))
