"""Options a lead's words can't tell apart."""

from collections.abc import Iterator

from markezy.flows.answers.cleaning import plain
from markezy.flows.checks.finding import Finding
from markezy.flows.definition import FlowDefinition, Option, Question


def alike_options(definition: FlowDefinition) -> Iterator[Finding]:
    """Options of one question that share a title or a synonym, in any language: leads mix them."""
    for id_, question in definition.questions.items():
        for option, name, other in _shared(question):
            yield Finding(
                f"questions/{id_}/options/{option.value}",
                "alike_options",
                f"“{name}” could mean this option or {other.value!r}.",
                "Keep these words with one of the two options only.",
            )


def _shared(question: Question) -> Iterator[tuple[Option, str, Option]]:
    first: dict[str, Option] = {}
    for option in question.options:
        for name in dict.fromkeys((*option.title.values(), *option.synonyms, option.value.replace("_", " "))):
            other = first.setdefault(plain(name), option)
            if other is not option and plain(name):
                yield option, name, other
