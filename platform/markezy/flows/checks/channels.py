"""What a messenger can't show as it is written. The limits are Meta's; what happens beyond them is what the channels do.

On a channel the flow is offered on it is an error; on another one, which it may be offered on some day, a warning.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markezy.flows import graph
from markezy.flows.checks.finding import ERROR, WARNING, Finding
from markezy.flows.checks.pieces import filled_texts, texts
from markezy.flows.definition import WITH_OPTIONS, YES_OR_NO, ChannelName, FlowDefinition, Question, QuestionType
from markezy.flows.engine.messages import PLACEHOLDER
from markezy.flows.wording import LOCALES, phrase

_LONGEST_INSERT = 80
"""What the engine shows of an answer inside a text."""
_RECAP_DISPLAY = 12
"""Characters of an answer on the recap, cautiously few: a card that is too long even so is too long for sure."""
_RECAP_LINE = len("\n• : ")
"""What stands around a label and its answer."""
_WITH_BUTTONS = ("text", "repair")
"""Texts of a question that its buttons are sent with."""


@dataclass(frozen=True)
class Channel:
    """What one message can hold, in characters and choices."""

    name: ChannelName
    shown: str
    text: int
    text_with_choices: int
    choices: int
    title: int
    few_choices: int = 0
    """Up to so many are shown in another way, with titles of at most `title_of_few`."""
    title_of_few: int = 0

    def title_among(self, count: int) -> int:
        """The longest title, with so many choices."""
        return self.title_of_few if count <= self.few_choices else self.title


CHANNELS = (
    Channel(ChannelName.WHATSAPP, "WhatsApp", 4096, 1024, choices=10, title=24, few_choices=3, title_of_few=20),
    Channel(ChannelName.MESSENGER, "Messenger", 2000, 2000, choices=13, title=20),
)
"""WhatsApp: up to three reply buttons, beyond that the ten rows of a list. Messenger: quick replies."""


def unfit_for_a_channel(definition: FlowDefinition) -> Iterator[Finding]:
    """Texts, titles and numbers of choices beyond what WhatsApp or Messenger show."""
    for channel in CHANNELS:
        for at, said in texts(definition):
            yield from _long_text(definition, channel, at, said)
        for id_, question in definition.questions.items():
            yield from _many_choices(definition, channel, id_, question)
    for id_, question in definition.questions.items():
        for option in question.options:
            at = f"questions/{id_}/options/{option.value}"
            yield from _long_title(definition, at, option.title, _count(question))


def long_recaps(definition: FlowDefinition) -> Iterator[Finding]:
    """Cards with all answers that are too long to be sent with the button that confirms them. For flows without circles."""
    cards = {locale: _longest_cards(definition, locale) for locale in definition.locales}
    for channel in CHANNELS:
        limit = channel.text_with_choices
        for id_, end in definition.ends.items():
            long = [locale for locale, longest in cards.items() if longest.get(id_, 0) > limit]
            if end.asks_for_recap and long:
                yield Finding(
                    f"ends/{id_}/recap",
                    "long_recap",
                    f"The card with all answers comes to {cards[long[0]][id_]} characters or more ({', '.join(long)}); "
                    f"{channel.shown} takes {limit} in a message with a button, so it is sent in parts.",
                    "Shorten the labels, ask fewer questions, or set `recap: false` here.",
                    _severity(definition, channel),
                )


def _severity(definition: FlowDefinition, channel: Channel) -> str:
    return ERROR if channel.name in definition.channels else WARNING


def _long_text(definition: FlowDefinition, channel: Channel, at: str, said: Mapping[str, str]) -> Iterator[Finding]:
    filled = {place for place, _, _ in filled_texts(definition)}
    section, _, rest = at.partition("/")
    id_, _, part = rest.partition("/")
    question = definition.questions.get(id_) if section == "questions" else None
    if part.startswith("options/"):
        return
    with_choices = part in _WITH_BUTTONS and question is not None and bool(_count(question))
    limit = channel.text_with_choices if with_choices else channel.text
    long = [locale for locale, text in said.items() if _length(text, at in filled) > limit]
    if long:
        where = "a message with buttons" if with_choices else "a message"
        yield Finding(
            at,
            "long_text",
            f"{channel.shown} takes {limit} characters in {where}; this is longer ({', '.join(long)}) and is sent in parts.",
            f"Shorten it to {limit} characters, answers shown in it included.",
            _severity(definition, channel),
        )


def _length(text: str, filled: bool) -> int:
    return len(PLACEHOLDER.sub("x" * _LONGEST_INSERT, text) if filled else text)


def _many_choices(definition: FlowDefinition, channel: Channel, id_: str, question: Question) -> Iterator[Finding]:
    count = _count(question)
    if count > channel.choices:
        yield Finding(
            f"questions/{id_}",
            "many_choices",
            f"{channel.shown} shows {channel.choices} choices at most; these {count} become a numbered list to type from.",
            f"Offer {channel.choices} choices at most{', “skip” included' if question.optional else ''}.",
            _severity(definition, channel),
        )


def _long_title(definition: FlowDefinition, at: str, title: Mapping[str, str], count: int) -> Iterator[Finding]:
    for severity in (ERROR, WARNING):
        limits = [channel.title_among(count) for channel in CHANNELS if _severity(definition, channel) == severity]
        cut = [
            f"{channel.shown} after {channel.title_among(count)} characters ({', '.join(long)})"
            for channel in CHANNELS
            if _severity(definition, channel) == severity
            and (long := [locale for locale, text in title.items() if len(text) > channel.title_among(count)])
        ]
        if cut:
            yield Finding(
                at,
                "long_title",
                f"This title is cut off: by {', by '.join(cut)}.",
                f"Shorten it to {min(limits)} characters.",
                severity,
            )


def _count(question: Question) -> int:
    """How many choices can be tapped below the question."""
    count = len(question.options) if question.type in WITH_OPTIONS else 0
    if question.type in YES_OR_NO:
        count = 2
    if question.type is QuestionType.SCALE:
        count = int(question.validation.max or 0) - int(question.validation.min or 0) + 1
    return count + question.optional


def _longest_cards(definition: FlowDefinition, locale: str) -> Mapping[str, int]:
    """By end, the characters on the card of the longest way there; questions that may be passed over are left out."""
    spoken = locale if locale in LOCALES else LOCALES[0]
    longest = {definition.start: len(phrase("recap", spoken))}
    for id_ in graph.analyse(definition).order:
        question = definition.questions[id_]
        line = 0 if question.when else _RECAP_LINE + len(question.label.get(locale, "")) + _RECAP_DISPLAY
        for to in (*graph.successors(definition, id_), *(rule.to for rule in definition.rules if rule.to is not None)):
            longest[to] = max(longest.get(to, 0), longest.get(id_, 0) + line)
    return longest
