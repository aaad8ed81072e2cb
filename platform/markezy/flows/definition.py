"""A flow as data: what its YAML may say. Pure shape; whether it makes sense as a whole is the business of `checks`."""

from enum import StrEnum
from typing import Annotated, Any

import regex
import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Locale = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Texts = dict[Locale, Text]
Condition = Annotated[str, Field(min_length=1, max_length=1000)]
HiddenName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,59}$")]

MOST_QUESTIONS = 200


class QuestionType(StrEnum):
    """How an answer is understood."""

    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    DATE = "date"
    SCALE = "scale"
    YES_NO = "yes_no"
    CONSENT = "consent"
    FILE = "file"


WITH_OPTIONS = frozenset({QuestionType.CHOICE, QuestionType.MULTI_CHOICE})
YES_OR_NO = frozenset({QuestionType.YES_NO, QuestionType.CONSENT})


class Role(StrEnum):
    """Which of the lead's contact details an answer is."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    COMPANY = "company"


class Entity(StrEnum):
    """What the assistant recognises in the middle of a sentence, and a text question may be filled from."""

    CITY = "city"
    BUSINESS = "business"
    PERSON_NAME = "person_name"
    COMPANY = "company"


class EndOutcome(StrEnum):
    """What an end means for the agency."""

    QUALIFIED = "qualified"
    NURTURE = "nurture"
    DISQUALIFIED = "disqualified"
    HANDED_OVER = "handed_over"


class ChannelName(StrEnum):
    """Where a lead meets the flow."""

    WIDGET = "widget"
    WHATSAPP = "whatsapp"
    MESSENGER = "messenger"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Option(_Part):
    """One choice. `synonyms` are further words a lead may use, in any language."""

    value: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_+-]{0,39}$")]
    title: Texts
    synonyms: tuple[Text, ...] = ()


class Validation(_Part):
    """What an answer has to fulfil beyond its type.

    `min` and `max`: of a number, an amount, a scale, the number of choices, or the characters of a text.
    `pattern`: a regular expression the whole text has to match. `integer`: whole numbers only. `currency`: ISO 4217.
    `country`: ISO 3166, for phone numbers written without their country code. `future`: not before today.
    `media_types`: which files may be sent; `max` of a file is in megabytes.
    """

    min: float | None = None
    max: float | None = None
    pattern: str | None = Field(None, max_length=200)
    integer: bool = False
    currency: str = Field("EUR", pattern=r"^[A-Z]{3}$")
    country: str | None = Field(None, pattern=r"^[A-Z]{2}$")
    future: bool = False
    media_types: tuple[Annotated[str, Field(pattern=r"^[a-z]+/[a-z0-9.+*-]+$")], ...] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> "Validation":
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min is greater than max")
        if self.pattern is not None:
            try:
                regex.compile(self.pattern)
            except regex.error as error:
                raise ValueError(f"pattern is not a regular expression: {error}") from None
        return self


class Transition(_Part):
    """Where to go next when the CEL expression `when` holds; without `when`, in all remaining cases."""

    when: Condition | None = None
    to: Id


class Question(_Part):
    """One question.

    `text` may show earlier answers as `{question_id}` and computed fields as `{field}`; `help` tells why it is asked.
    `when`: it is asked only if this condition holds, else passed over. `keywords`: what leads call the subject, in any
    language; by them an answer is found again that shall change, or one of several figures in a sentence is told from
    the others. `entity`: which part of a sentence answers a text question ahead of its turn. `repair`: said instead of
    the standard sentence when an answer can't be used. `purpose`: what a consent is for, `contact` unless it says so;
    what is done for a purpose is done only while its consent stands.
    """

    type: QuestionType
    text: Texts
    help: Texts
    label: Texts
    placeholder: Texts = Field(default_factory=dict)
    options: tuple[Option, ...] = ()
    validation: Validation = Validation()
    optional: bool = False
    when: Condition | None = None
    keywords: tuple[Text, ...] = ()
    entity: Entity | None = None
    repair: Texts = Field(default_factory=dict)
    role: Role | None = None
    purpose: Id | None = None
    next: tuple[Transition, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits_its_type(self) -> "Question":
        if (self.type in WITH_OPTIONS) != bool(self.options):
            raise ValueError("choice and multi_choice have options, other questions have none")
        values = [option.value for option in self.options]
        if len(set(values)) != len(values):
            raise ValueError("two options have the same value")
        if self.type is QuestionType.SCALE:
            low, high = self.validation.min, self.validation.max
            if low is None or high is None or not 1 <= high - low <= 10 or low % 1 or high % 1:
                raise ValueError("a scale needs whole numbers min and max, at most 10 apart")
        if self.type is QuestionType.CONSENT and self.optional:
            raise ValueError("consent is given or refused, never skipped")
        if self.purpose is not None and self.type is not QuestionType.CONSENT:
            raise ValueError("only a consent question has a purpose")
        if self.entity is not None and self.type not in (QuestionType.TEXT, QuestionType.LONG_TEXT):
            raise ValueError(
                "only a text question is filled from an entity; other types know their answers by themselves"
            )
        if self.validation.media_types and self.type is not QuestionType.FILE:
            raise ValueError("media_types belong to a file question")
        return self

    @property
    def consents_to(self) -> str:
        """What a consent question is for."""
        return self.purpose or "contact"


class ScoreRule(_Part):
    """Points for a lead for whom `when` holds."""

    when: Condition
    points: int = Field(ge=-1000, le=1000)


class ComputedField(_Part):
    """A value worked out from the answers before it is used: `computed.<id>` in conditions, `{id}` in texts."""

    value: Condition


class Rule(_Part):
    """Holds everywhere. As soon as `when` holds after an answer, the lead goes to the end `to`; or, with `call_person`, the
    team is asked for somebody, once a conversation, and the questions go on when they leave or the lead doesn't wait."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["to"], "properties": {"to": {"type": "string"}, "call_person": {"const": False}}},
                {"required": ["call_person"], "properties": {"to": {"type": "null"}, "call_person": {"const": True}}},
            ]
        }
    )

    when: Condition
    to: Id | None = None
    call_person: bool = False

    @model_validator(mode="after")
    def _does_one_thing(self) -> "Rule":
        if (self.to is None) != self.call_person:
            raise ValueError("a rule either leads to an end, by `to`, or calls a person, by `call_person: true`")
        return self


class End(_Part):
    """One way for the qualification to finish.

    `recap`: the lead sees their answers and confirms or changes them first; by default before a qualified end.
    """

    outcome: EndOutcome
    message: Texts
    recap: bool | None = None

    @property
    def asks_for_recap(self) -> bool:
        """Whether the answers are shown before this end counts."""
        return self.outcome is EndOutcome.QUALIFIED if self.recap is None else self.recap


class Faq(_Part):
    """An answer to a question of the lead; `keywords` are words by which it is recognised, in any language.

    The ids `price`, `privacy` and `bot` answer the questions of these kinds; without them the assistant's own words do.
    """

    keywords: tuple[Text, ...] = ()
    answer: Texts


class FlowDefinition(_Part):
    """A whole flow. The first of `locales` serves leads whose language is none of them.

    `channels`: where it is offered, so what its texts have to fit. `hidden`: the fields the page may hand over.
    """

    locales: tuple[Locale, ...] = Field(min_length=1)
    channels: tuple[ChannelName, ...] = Field((ChannelName.WIDGET,), min_length=1)
    hidden: tuple[HiddenName, ...] = ()
    greeting: Texts
    start: Id
    questions: dict[Id, Question] = Field(min_length=1, max_length=MOST_QUESTIONS)
    computed: dict[Id, ComputedField] = Field(default_factory=dict)
    scoring: tuple[ScoreRule, ...] = ()
    rules: tuple[Rule, ...] = ()
    ends: dict[Id, End] = Field(min_length=1)
    faqs: dict[Id, Faq] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _has_distinct_names(self) -> "FlowDefinition":
        seen: set[str] = set()
        for ids in (self.questions, self.ends, self.computed):
            both = seen & ids.keys()
            if both:
                raise ValueError(f"two of question, end and computed field share an id: {', '.join(sorted(both))}")
            seen |= ids.keys()
        listed = {"locale": self.locales, "channel": self.channels, "hidden field": self.hidden}
        for what, names in listed.items():
            if len(set(names)) != len(names):
                raise ValueError(f"a {what} is listed twice")
        return self


def parse_definition(source: str | dict[str, Any]) -> FlowDefinition:
    """The definition in YAML, JSON or plain data; pydantic's ValidationError or yaml.YAMLError when it is none."""
    return FlowDefinition.model_validate(yaml.safe_load(source) if isinstance(source, str) else source)
