"""What is hard to read."""

from tests.markezy.strategies.checks.documents import Written
from tests.markezy.strategies.checks.mutators.editing import blocks, with_block
from tests.markezy.strategies.checks.mutators.making import PROSE, Defect, Draw, added, mutator
from tests.markezy.strategies.checks.sentences import SENTENCES


@mutator
def endless_sentence(written: Written, draw: Draw) -> Defect:
    sentence = SENTENCES[written.language]["plain"].rstrip(".")
    return added(written, draw, ", ".join([sentence] * 6) + ".", "readability", "long_sentence")


@mutator
def unreadable_paragraph(written: Written, draw: Draw) -> Defect:
    block = draw.of(blocks(written.document, *PROSE))
    document = with_block(written.document, block, text=SENTENCES[written.language]["hard"])
    return Defect(document, block.id, "readability", ("hard_to_read",))


@mutator
def unreadable_document(written: Written, draw: Draw) -> Defect:
    document = written.document
    for block in blocks(document, *PROSE):
        now = next(each for each in blocks(document) if each.id == block.id)
        document = with_block(document, now, text=SENTENCES[written.language]["hard"])
    return Defect(document, "", "readability", ("hard_to_read",))
