"""Texts in another language than the document's."""

from tests.markezy.strategies.checks.documents import Written
from tests.markezy.strategies.checks.mutators.editing import blocks, with_block, with_section
from tests.markezy.strategies.checks.mutators.making import PROSE, Defect, Draw, added, mutator
from tests.markezy.strategies.checks.sentences import FOREIGN, SENTENCES


@mutator
def paragraph_in_another_language(written: Written, draw: Draw) -> Defect:
    block = draw.of(blocks(written.document, *PROSE))
    text = " ".join(draw.of([texts for language, texts in FOREIGN.items() if language != written.language]))
    return Defect(with_block(written.document, block, text=text), block.id, "language", ("other_language",))


@mutator
def sentence_in_another_language(written: Written, draw: Draw) -> Defect:
    texts = [text for language, each in FOREIGN.items() if language != written.language for text in each]
    return added(written, draw, draw.of(texts), "language", "other_language")


@mutator
def heading_in_another_language(written: Written, draw: Draw) -> Defect:
    section = draw.of(written.document.sections)
    heading = draw.of([text["heading"] for language, text in SENTENCES.items() if language != written.language])
    document = with_section(written.document, section, heading=heading)
    return Defect(document, section.id, "language", ("other_language",))
