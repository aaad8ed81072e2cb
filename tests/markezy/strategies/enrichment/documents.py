"""Small documents about the lead of the tests."""

from markezy.strategies.writing.document import Block, Document, Kind, Origin, Section

BUDGET = (
    "Of the €2,500 a month, 34% goes to search ads. They bring people to <b>Chez Zoë</b> who look for it already, and the rest of the plan"
    " supports them."
)
CITY = "Your shop in Nîmes has one advantage that no platform can copy: people know who packs their parcel, and they tell it to others."
QUOTE = "“De jeunes familles, à Nîmes &amp; alentour” is how you describe your best customers, and the four groups below are just these."
TEXTS = {"summary.opening": BUDGET, "audience.intro": QUOTE, "positioning.why": CITY}


def document(locale: str = "en", **texts: str) -> Document:
    """Three sections of a paragraph each, a table and a figure that nobody may touch."""
    given = {**TEXTS, **{id_.replace("__", "."): text for id_, text in texts.items()}}
    table = Block(
        "budget.table", Kind.TABLE, Origin("base"), columns=("Channel", "Share"), rows=(("Search ads", "34%"),)
    )
    blocks = {
        "summary": Block("summary.opening", Kind.LEAD, Origin("base", ("budget",)), given["summary.opening"]),
        "audience": Block("audience.intro", Kind.PARAGRAPH, Origin("sector", ("audience",)), given["audience.intro"]),
        "positioning": Block("positioning.why", Kind.PARAGRAPH, Origin("sector"), given["positioning.why"]),
        "budget": table,
    }
    sections = tuple(Section(id_, id_.title(), (block,)) for id_, block in blocks.items())
    return Document("More orders for Chez Zoë", "A strategy", locale, sections)


def text_of(document: Document, block_id: str) -> str:
    """The text of one block."""
    return next(block.text for section in document.sections for block in section.blocks if block.id == block_id)
