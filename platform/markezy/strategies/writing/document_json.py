"""Documents as JSON: kept with a strategy, read by the checks, compared with the next edition."""

from dataclasses import asdict
from typing import Any

from markezy.strategies.writing.document import Block, Document, Kind, Origin, Section


def to_json(document: Document) -> dict[str, Any]:
    """The document as plain data; what a block does not have is left out."""
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "locale": document.locale,
        "sections": [
            {
                "id": section.id,
                "heading": section.heading,
                "blocks": [_block_to_json(block) for block in section.blocks],
            }
            for section in document.sections
        ],
    }


def from_json(data: dict[str, Any]) -> Document:
    """The document that `to_json` made."""
    return Document(
        title=data["title"],
        subtitle=data["subtitle"],
        locale=data["locale"],
        sections=tuple(
            Section(section["id"], section["heading"], tuple(_block_from_json(block) for block in section["blocks"]))
            for section in data["sections"]
        ),
    )


def _block_to_json(block: Block) -> dict[str, Any]:
    has = {name: _plain(value) for name, value in asdict(block).items() if value or name == "kind"}
    origin = {"layer": block.origin.layer, "answers": list(block.origin.answers), "figures": block.origin.figures}
    return {**has, "origin": origin}


def _plain(value: Any) -> Any:
    if isinstance(value, Kind):
        return value.value
    return [_plain(each) for each in value] if isinstance(value, (tuple, list)) else value


def _block_from_json(data: dict[str, Any]) -> Block:
    return Block(
        id=data["id"],
        kind=Kind(data["kind"]),
        # Documents from before figures were noted know nothing of them.
        origin=Origin(data["origin"]["layer"], tuple(data["origin"]["answers"]), data["origin"].get("figures", False)),
        text=data.get("text", ""),
        items=tuple(data.get("items", ())),
        columns=tuple(data.get("columns", ())),
        rows=tuple(tuple(row) for row in data.get("rows", ())),
        numeric=tuple(data.get("numeric", ())),
        totals=data.get("totals", False),
        figure=data.get("figure", ""),
        data=data.get("data"),
    )
