"""Documents as they might have been composed: a strategy in three languages with every kind of block, and what strains a page."""

from pathlib import Path
from typing import Any

import yaml
from markezy.strategies.writing.document import Block, Document, Kind, Origin, Section

LOCALES = ("en", "fr", "es")
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikation"
_HERE = Path(__file__).parent
_OWN = Origin("base")


def strategy(locale: str = "en") -> Document:
    """A restaurant's, with fourteen channels and a budget. "silent" is for a lead who said next to nothing: no budget, no forecast."""
    given = yaml.safe_load((_HERE / f"sample.{locale}.yml").read_text(encoding="utf-8"))
    return Document(
        given["title"],
        given["subtitle"],
        given["locale"],
        tuple(
            Section(
                name,
                one["heading"],
                tuple(_block(f"{name}.{key}", dict(block)) for key, block in one["blocks"].items()),
            )
            for name, one in given["sections"].items()
        ),
    )


def _block(place: str, given: dict[str, Any]) -> Block:
    origin = Origin(given.pop("layer", "base"), tuple(given.pop("answers", ())))
    rows = tuple(tuple(row) for row in given.pop("rows", ()))
    sequences = {key: tuple(given.pop(key)) for key in ("items", "columns", "numeric") if key in given}
    return Block(place, Kind(given.pop("kind", "paragraph")), origin, rows=rows, **sequences, **given)


def briefing() -> Document:
    """What the staff gets beside it."""
    about = (("Name", "Zoë Lœuf"), ("Company", "Chez Zoë"), ("Phone", "+33 6 12 34 56 78"))
    score = "The budget fits, the goal is clear, and she decides alone. The website takes four seconds."
    points = tuple(
        f"Ask how many tables are free on a Tuesday, and what one is worth to her ({number})." for number in range(8)
    )
    answers = tuple(
        (f"It is too dear, case {number}.", "One more table every second evening pays for it.") for number in range(5)
    )
    return Document(
        "Briefing: Zoë Lœuf, Chez Zoë",
        "Good fit, 62 of 100",
        "en",
        (
            Section("person", "Who this is", (Block("person.table", Kind.TABLE, _OWN, columns=("", ""), rows=about),)),
            Section("score", "Why this score", (Block("score.text", Kind.PARAGRAPH, _OWN, text=score),)),
            Section("talking_points", "Talking points", (Block("talking_points.list", Kind.LIST, _OWN, items=points),)),
            Section(
                "objections",
                "Objections",
                (Block("objections.list", Kind.TABLE, _OWN, columns=("They say", "You answer"), rows=answers),),
            ),
        ),
    )


def hostile(text: str) -> Document:
    """A document with this text wherever there is one."""
    made = Origin(text, (text,))
    blocks = [
        Block(f"s.{kind}", kind, made, text=text, items=(text, text), columns=(text, text), rows=((text, text),))
        for kind in Kind
    ]
    part = {"name": text, "percent": 100, "share": text, "amount": text}
    week = {"number": 1, "first": text}
    month = {"name": text, "first": 1, "last": 4}
    bar = {"name": text, "first": 1, "last": 2, "channel": text}
    expected = {"name": text, "low": 1, "high": 2, "text": text}
    figures: dict[str, dict[str, Any]] = {
        "budget_split": {"center": text, "caption": text, "parts": [part]},
        "calendar": {"weeks": [week], "months": [month], "bars": [bar]},
        "forecast": {"unit": text, "months": [expected], "total": text},
    }
    blocks += [
        Block(f"s.{name}", Kind.FIGURE, made, text=text, figure=name, data=data) for name, data in figures.items()
    ]
    return Document(text, text, "en", (Section("s", text, tuple(blocks)),))


def one(block: Block, heading: str = "Heading") -> Document:
    """A document of a single block."""
    return Document("Title", "", "en", (Section(block.id.partition(".")[0], heading, (block,)),))
