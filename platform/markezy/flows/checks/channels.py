"""Texts too long for a messenger. The limits are Meta's; what happens beyond them is what the channels do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markezy.flows.checks.finding import WARNING, Finding
from markezy.flows.checks.pieces import filled_texts, texts
from markezy.flows.definition import WITH_OPTIONS, FlowDefinition, Question, QuestionType
from markezy.flows.engine.messages import PLACEHOLDER
from markezy.flows.wording import LOCALES, phrase

_LONGEST_INSERT = 80
"""What the engine shows of an answer inside a text."""
_RECAP_DISPLAY = 12
"""Characters of an answer on the recap, cautiously few: a card that is too long even so is too long for sure."""


@dataclass(frozen=True)
class Channel:
    """What one message can hold, in characters and choices."""

    name: str
    text: int
    text_with_choices: int
    choices: int
    title: int


CHANNELS = (
    Channel("WhatsApp", text=4096, text_with_choices=1024, choices=10, title=24),
    Channel("Messenger", text=2000, text_with_choices=2000, choices=13, title=20),
)
"""The more generous first. WhatsApp: the ten rows of a list, shown for more than three buttons. Messenger: quick replies."""


def too_long_for_a_channel(definition: FlowDefinition) -> Iterator[Finding]:
    """What WhatsApp or Messenger can't show as it is written."""
    for channel in CHANNELS:
        for at, said in texts(definition):
            yield from _long_text(definition, channel, at, said)
        for id_, question in definition.questions.items():
            yield from _many_choices(definition, channel, id_, question)
        yield from _long_recap(definition, channel)
    for id_, question in definition.questions.items():
        for option in question.options:
            yield from _long_title(f"questions/{id_}/options/{option.value}", option.title)


def _long_text(definition: FlowDefinition, channel: Channel, at: str, said: Mapping[str, str]) -> Iterator[Finding]:
    filled = {place for place, _, _ in filled_texts(definition)}
    question = definition.questions.get(at.split("/")[1]) if at.startswith("questions/") else None
    with_choices = at.endswith("/text") and question is not None and bool(_titles(question, definition.locales[0]))
    limit = channel.text_with_choices if with_choices else channel.text
    long = [locale for locale, text in said.items() if _length(text, at in filled) > limit]
    if long:
        where = "a message with buttons" if with_choices else "a message"
        yield Finding(
            at,
            "long_text",
            f"{channel.name} takes {limit} characters in {where}; this is longer ({', '.join(long)}) and is sent in parts.",
            f"Shorten it to {limit} characters, answers shown in it included.",
            WARNING,
        )


def _length(text: str, filled: bool) -> int:
    return len(PLACEHOLDER.sub("x" * _LONGEST_INSERT, text) if filled else text)


def _many_choices(definition: FlowDefinition, channel: Channel, id_: str, question: Question) -> Iterator[Finding]:
    count = len(_titles(question, definition.locales[0]))
    if count > channel.choices:
        yield Finding(
            f"questions/{id_}",
            "many_choices",
            f"{channel.name} shows {channel.choices} choices at most; these {count} become a numbered list to type from.",
            f"Offer {channel.choices} choices at most{', “skip” included' if question.optional else ''}.",
            WARNING,
        )


def _long_title(at: str, title: Mapping[str, str]) -> Iterator[Finding]:
    cut: list[str] = []
    shortest = 0
    for channel in CHANNELS:
        long = [locale for locale, text in title.items() if len(text) > channel.title]
        if long:
            cut.append(f"{channel.name} after {channel.title} characters ({', '.join(long)})")
            shortest = channel.title
    if cut:
        yield Finding(
            at,
            "long_title",
            f"This title is cut off: by {', by '.join(cut)}.",
            f"Shorten it to {shortest} characters.",
            WARNING,
        )


def _titles(question: Question, locale: str) -> list[str]:
    """What can be tapped below the question."""
    spoken = locale if locale in LOCALES else LOCALES[0]
    titles = [option.title.get(locale, "") for option in question.options] if question.type in WITH_OPTIONS else []
    if question.type in (QuestionType.YES_NO, QuestionType.CONSENT):
        titles = [phrase("yes", spoken), phrase("no", spoken)]
    if question.type is QuestionType.SCALE:
        low, high = int(question.validation.min or 0), int(question.validation.max or 0)
        titles = [str(step) for step in range(low, high + 1)]
    return [*titles, phrase("skip_button", spoken)] if question.optional else titles


def _long_recap(definition: FlowDefinition, channel: Channel) -> Iterator[Finding]:
    """The card of the longest way, in the language with the longest labels."""
    for id_, end in definition.ends.items():
        if not end.asks_for_recap:
            continue
        for locale in definition.locales:
            lines = [len(question.label.get(locale, "")) + _RECAP_DISPLAY for question in definition.questions.values()]
            if sum(lines) > channel.text:
                yield Finding(
                    f"ends/{id_}/recap",
                    "long_recap",
                    f"The card with all answers may be longer than the {channel.text} characters {channel.name} takes "
                    f"in a message ({locale}); it is sent in parts.",
                    "Shorten the labels, ask fewer questions, or set `recap: false` here.",
                    WARNING,
                )
                break
