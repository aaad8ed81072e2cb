"""What is right and only looks wrong has no finding."""

from dataclasses import replace

import pytest
from markezy.leads.api import QualifiedAnswer

from tests.markezy.strategies.checks.documents import Written, clean
from tests.markezy.strategies.checks.mutators.editing import blocks, with_block


def with_answer(written: Written, question: str, said: str) -> Written:
    """The lead said this, and the document shows it wherever it showed the answer before."""
    before = next(one for one in written.case.lead.answers if one.question == question)
    answers = tuple(
        QualifiedAnswer(question, before.label, said, said) if one is before else one
        for one in written.case.lead.answers
    )
    document = written.document
    for block in blocks(document):
        rows = tuple(tuple(cell.replace(before.display, said) for cell in row) for row in block.rows)
        document = with_block(
            document, block, text=block.text.replace(before.display, said), rows=rows,
            items=tuple(item.replace(before.display, said) for item in block.items),
        )  # fmt: skip
    return replace(
        written, document=document, case=replace(written.case, lead=replace(written.case.lead, answers=answers))
    )


def with_sentence(written: Written, block_id: str, sentence: str) -> Written:
    block = next(each for each in blocks(written.document) if each.id == block_id)
    return written.with_document(with_block(written.document, block, text=f"{block.text} {sentence}"))


@pytest.mark.parametrize(
    "said",
    [
        "TODO el mundo, y XXX tallas",
        "des gens qui n’ont pas le temps de lire les choses que vous écrivez",
        "None of them (really",
        "undefined {{ x }}  ..",
        "$ 4,500 by 3 March 2031",
    ],
)
def test_what_the_lead_said_is_theirs(said: str) -> None:
    assert with_answer(clean("en"), "team", said).defects() == ()


def test_a_phone_number_the_lead_wrote_stays_in_the_table_of_answers() -> None:
    said = "Call my brother, 06 98 76 54 32"
    found = with_answer(clean("en"), "team", said).defects()
    assert {(finding.place, finding.problem.code) for finding in found} == {("situation.team", "data_in_wrong_place")}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "None of this needs a car, or a son in the business."),
        ("en", "By 3 July the first figures are in, and 1,200,000 people live nearby."),
        ("en", "Orders of about €800 (four tenths of the plan) are enough. What then?"),
        ("fr", "Plus de demandes que de bras : c’est le but. Qu’en dites-vous ?"),
        ("fr", "Le plan vous aide si vous vous y tenez, le 3 juillet comme le 1er août."),
        ("es", "No es la mar de fácil, pero con un plan sin sorpresas se puede. ¿Y después?"),
        ("es", "Hasta el 3 de julio hay tiempo (dos horas a la semana) para verlo."),
    ],
)  # fmt: skip
def test_what_only_looks_wrong_is_right(language: str, sentence: str) -> None:
    assert with_sentence(clean(language), "audience.intro", sentence).defects() == ()


def test_the_agency_may_be_reached_anywhere() -> None:
    assert with_sentence(clean("en"), "audience.intro", "Ask us at bonjour@nova.example.").defects() == ()


def test_what_the_lead_named_may_be_reckoned_with() -> None:
    """Ninety orders a year of the value they named: the lead said the one, the text did the rest."""
    written = with_answer(clean("en"), "audience", "90 families")
    answers = tuple(replace(one, value=90) if one.question == "audience" else one for one in written.case.lead.answers)
    told = replace(written, case=replace(written.case, lead=replace(written.case.lead, answers=answers)))
    assert with_sentence(told, "content.intro", "At your average order these are €5,760.").defects() == ()
