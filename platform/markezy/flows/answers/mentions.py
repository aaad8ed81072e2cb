"""Options that a sentence names although nobody has asked for them yet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markezy.flows.answers.lexicon import Lexicon, OptionName, lexicon
from markezy.flows.answers.passages import Passage
from markezy.flows.answers.vocabulary import known
from markezy.flows.definition import WITH_OPTIONS, Option, Question, QuestionType

Span = tuple[int, int]

LONGEST_REMARK = 8
"""Words of a message in which any name of an option is taken for the choice; longer ones may say anything about it."""
_WHOLE_PHRASE = 3
"""Words of a name that nobody says by chance."""


@dataclass(frozen=True)
class Mention:
    """An option's name in a passage, and the words it covers."""

    question: str
    name: OptionName
    span: Span
    on_subject: bool

    @property
    def value(self) -> str:
        """The option's."""
        return self.name.option.value


def mentioned(
    passage: Passage,
    questions: Mapping[str, Question],
    asked: Question | None,
    taken: Sequence[Span],
    named: Sequence[Span],
) -> dict[str, str | list[str]]:
    """The options that are surely meant, by question. `asked` has the first right to its words; `taken` words belong to
    other answers; `named` words were recognised as what the business is."""
    own = _own(passage, asked)
    found = [
        mention
        for id_, question in questions.items()
        if question.type in WITH_OPTIONS
        for mention in _mentions(passage, id_, lexicon(question))
        if not any(_overlap(mention.span, span) for span in (*taken, *own))
    ]
    found = [one for one in found if not any(_covers(other.span, one.span) for other in found)]
    if not found:
        return {}
    subjects = [(id_, span) for id_, question in questions.items() for span in find_subject(passage, lexicon(question))]
    found = [
        one
        for one in found
        if _is_said(passage, one)
        and _is_sure(one, named)
        and (one.on_subject or not any(id_ != one.question and _overlap(one.span, span) for id_, span in subjects))
    ]
    found = [one for one in found if not _is_contested(one, found)]
    chosen: dict[str, str | list[str]] = {}
    for id_, question in questions.items():
        ours = [mention for mention in found if mention.question == id_]
        values = list(dict.fromkeys(mention.value for mention in ours))
        if question.type is QuestionType.CHOICE and len(values) == 1:
            chosen[id_] = values[0]
        elif question.type is QuestionType.MULTI_CHOICE and values and _is_whole(passage, ours):
            chosen[id_] = values
    return chosen


def said_options(passage: Passage, question: Question) -> list[Option]:
    """The options a sentence names, in answer to this very question: short ones may use common words for it."""
    found = _mentions(passage, "", lexicon(question))
    found = [one for one in found if not any(_covers(other.span, one.span) for other in found)]
    found = [
        one for one in found if not passage.is_asked(one.span[0]) and not passage.is_denied(*one.span, in_clause=True)
    ]
    if len(passage.words) > LONGEST_REMARK:
        found = [one for one in found if _is_sure(one, ()) or len(one.name.words) >= _WHOLE_PHRASE]
    return list({mention.value: mention.name.option for mention in found}.values())


def find_options(passage: Passage, words: Lexicon) -> Iterator[tuple[OptionName, Span]]:
    """Where options are named, whatever is said of them."""
    for word in passage.places:
        for name in words.options.get(word, ()):
            for span in passage.find((name.words,)):
                yield name, span


def find_subject(passage: Passage, words: Lexicon) -> list[Span]:
    """Where the question's subject is named."""
    return [] if words.openings.isdisjoint(passage.places) else list(passage.find(words.subject))


def _mentions(passage: Passage, id_: str, words: Lexicon) -> list[Mention]:
    found = list(find_options(passage, words))
    if not found:
        return []
    subject = find_subject(passage, words)
    return [Mention(id_, name, span, _is_near(passage, span, subject)) for name, span in found]


def _own(passage: Passage, asked: Question | None) -> list[Span]:
    if asked is None or asked.type not in WITH_OPTIONS:
        return []
    return [mention.span for mention in _mentions(passage, "", lexicon(asked))]


def _is_near(passage: Passage, span: Span, subject: Sequence[Span]) -> bool:
    clause = passage.words[span[0]].clause
    return any(passage.words[place[0]].clause == clause and not _overlap(span, place) for place in subject)


def _is_said(passage: Passage, mention: Mention) -> bool:
    first, last = mention.span
    return not (passage.is_asked(first) or passage.is_denied(first, last) or passage.is_hearsay(first, last))


def _is_sure(mention: Mention, named: Sequence[Span]) -> bool:
    return mention.name.telling or mention.on_subject or any(_within(mention.span, span) for span in named)


def _is_contested(mention: Mention, found: Sequence[Mention]) -> bool:
    rivals = [
        other
        for other in found
        if _overlap(mention.span, other.span) and (other.question, other.value) != (mention.question, mention.value)
    ]
    return any(rival.on_subject or not mention.on_subject for rival in rivals)


def _is_whole(passage: Passage, ours: Sequence[Mention]) -> bool:
    """Whether these are likely all the lead would choose: several in a row, or with the question's subject, or "only"."""
    if any(passage.is_wished(mention.span[0]) for mention in ours):
        return False
    if len({mention.value for mention in ours}) > 1 or any(mention.on_subject for mention in ours):
        return True
    (first, _) = ours[0].span
    clause = passage.words[first].clause
    return any(word.clause == clause and word.plain in known("only") for word in passage.words[:first])


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _within(one: Span, other: Span) -> bool:
    return other[0] <= one[0] and one[1] <= other[1]


def _covers(longer: Span, shorter: Span) -> bool:
    return longer != shorter and _within(shorter, longer)
