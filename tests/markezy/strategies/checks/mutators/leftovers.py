"""What was left in a text by whoever or whatever wrote it."""

from tests.markezy.strategies.checks.documents import Written
from tests.markezy.strategies.checks.mutators.editing import blocks, with_block
from tests.markezy.strategies.checks.mutators.making import PROSE, Defect, Draw, added, mutator
from tests.markezy.strategies.checks.sentences import SENTENCES


@mutator
def placeholder(written: Written, draw: Draw) -> Defect:
    left = draw.of(
        [
            "{{ called }}", "{{called", "{% if x %}", "{name}", "[NAME]", "[YOUR CITY]", "XXX", "XXXX", "lorem ipsum", "Lorem ipsum dolor",
            "TODO", "TBD", "____", "${budget}", "&lt;NAME&gt;", "???", "[votre nom]", "[su ciudad]",
        ]
    )  # fmt: skip
    return added(written, draw, _in_a_sentence(written, left), "leftovers", "placeholder", "doubled_mark")


@mutator
def value_of_the_program(written: Written, draw: Draw) -> Defect:
    left = draw.of(["undefined", "None", "null", "NaN", "nan", "[object Object]", "Decimal('3')"])
    return added(written, draw, _in_a_sentence(written, left), "leftovers", "raw_value")


@mutator
def visible_markup(written: Written, draw: Draw) -> Defect:
    left = draw.of(["&amp;nbsp;", "&amp;amp;", "&lt;b&gt;", "&lt;/p&gt;", "&amp;#39;"])
    return added(written, draw, _in_a_sentence(written, left), "leftovers", "raw_markup")


@mutator
def hollow(written: Written, draw: Draw) -> Defect:
    left = draw.of(["()", "( )", "“”", "« »", "[]", '""', "(, 3)"])
    return added(written, draw, _in_a_sentence(written, left), "leftovers", "hollow")


@mutator
def doubled_word(written: Written, draw: Draw) -> Defect:
    block = draw.of([each for each in blocks(written.document, *PROSE) if " " in each.text])
    sentence = SENTENCES[written.language]["plain"]
    words = sentence.split()
    place = draw.of([place for place, word in enumerate(words) if word.isalpha()])
    doubled = " ".join([*words[: place + 1], *words[place:]])
    document = with_block(written.document, block, text=f"{block.text} {doubled}")
    return Defect(document, block.id, "leftovers", ("doubled_word",))


@mutator
def unbalanced(written: Written, draw: Draw) -> Defect:
    left = {"en": ["“", "(", ")", "”"], "fr": ["«", "(", "»", "["], "es": ["«", "(", "¿", "¡"]}[written.language]
    return added(written, draw, _in_a_sentence(written, draw.of(left)), "leftovers", "unbalanced")


@mutator
def doubled_mark(written: Written, draw: Draw) -> Defect:
    sentence = SENTENCES[written.language]["plain"].rstrip(".")
    return added(
        written, draw, sentence + draw.of([",.", "..", ",,", ";.", "!!"]), "leftovers", "doubled_mark", "unbalanced"
    )


@mutator
def double_space(written: Written, draw: Draw) -> Defect:
    return added(written, draw, SENTENCES[written.language]["plain"].replace(" ", "  ", 1), "leftovers", "double_space")


@mutator
def space_before_a_mark(written: Written, draw: Draw) -> Defect:
    sentence = SENTENCES[written.language]["plain"].rstrip(".") + draw.of([" .", " , etc."])
    return added(written, draw, sentence, "leftovers", "space_before_mark")


@mutator
def quotes_of_another_language(written: Written, draw: Draw) -> Defect | None:
    quotes = {"en": "« {} »", "fr": "“{}”"}.get(written.language)
    if quotes is None:
        return None
    sentence = quotes.format(SENTENCES[written.language]["plain"])
    return added(written, draw, sentence, "leftovers", "foreign_quotes")


def _in_a_sentence(written: Written, left: str) -> str:
    words = SENTENCES[written.language]["plain"].split()
    return " ".join([*words[:3], left, *words[3:]])
