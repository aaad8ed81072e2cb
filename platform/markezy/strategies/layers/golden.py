"""Golden leads: made-up leads of each sector, for previews, the gallery, and to show what a new version of a layer changes."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal
from uuid import NAMESPACE_URL, uuid5

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from markezy.flows.api import ScoreReason
from markezy.kernel.strict_yaml import UnreadableYaml, load_strictly
from markezy.leads.api import Contact, QualifiedAnswer, QualifiedLead
from markezy.strategies.formats import Formats
from markezy.strategies.layers.findings import Finding, NotALayer
from markezy.strategies.layers.layer import LANGUAGES, LARGEST_PART
from markezy.strategies.layers.parts import Id
from markezy.strategies.layers.shipped import FOLDER

Words = Annotated[dict[Literal["en", "fr", "es"], str], Field(min_length=len(LANGUAGES))]
NEEDED = frozenset({"small", "medium", "large"})
_YES_NO = {"en": ("Yes", "No"), "fr": ("Oui", "Non"), "es": ("Sí", "No")}


class _Piece(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Question(_Piece):
    """A question as the sector's flow would ask it."""

    label: Words
    type: Literal["text", "choice", "money", "number", "percent", "date", "yes_no", "url"] = "text"
    options: dict[str, Words] = Field(default_factory=dict)


class Sample(_Piece):
    """What one lead said; free texts in each language."""

    contact: dict[Literal["name", "company", "email", "phone"], str] = Field(default_factory=dict)
    points: dict[Id, int] = Field(default_factory=dict)
    """What the answers brought to the score, by question; the score is their sum."""
    end: Id = "strategy"
    answers: dict[Id, Any] = Field(default_factory=dict)

    @property
    def score(self) -> int:
        return sum(self.points.values())


class GoldenFile(_Piece):
    questions: dict[Id, Question]
    leads: dict[Id, Sample]

    @model_validator(mode="after")
    def _fits(self) -> "GoldenFile":
        if missing := NEEDED - self.leads.keys():
            raise ValueError(f"there is no lead {', '.join(sorted(missing))}")
        for name, sample in self.leads.items():
            for id_, value in sample.answers.items():
                self._check(f"{name}'s answer to {id_}", self.questions.get(id_), value)
            if strange := sample.points.keys() - sample.answers.keys():
                raise ValueError(f"{name}'s points for {min(strange)} are for no answer")
        return self

    @staticmethod
    def _check(what: str, question: Question | None, value: Any) -> None:
        if question is None:
            raise ValueError(f"{what} answers no question of this file")
        if isinstance(value, dict) and set(value) != set(LANGUAGES):
            raise ValueError(f"{what} is not written in all languages")
        chosen = value if isinstance(value, list) else [value]
        if question.options and (strange := [one for one in chosen if str(one) not in question.options]):
            raise ValueError(f"{what} is no option: {strange[0]}")
        figures = question.type in {"money", "number", "percent"}
        if figures and (isinstance(value, bool) or not isinstance(value, (int, float))):
            raise ValueError(f"{what} is no number")
        if question.type == "yes_no" and not isinstance(value, bool):
            raise ValueError(f"{what} is neither true nor false")
        if question.type == "date":
            date.fromisoformat(str(value))


@cache
def golden_file(sector: str) -> GoldenFile:
    """The sector's samples; NotALayer when the file is not there or not right."""
    path = FOLDER / "golden" / f"{sector}.yml"
    origin = f"golden/{sector}.yml"
    if not path.is_file():
        raise NotALayer(Finding(origin, "", "There is no such file.", "Write the sector's golden leads."))
    try:
        data, lines = load_strictly(path.read_text(encoding="utf-8"), LARGEST_PART)
        return GoldenFile.model_validate(data)
    except UnreadableYaml as error:
        raise NotALayer(Finding(origin, error.at, error.message, "", line=error.line)) from None
    except ValidationError as error:
        raise NotALayer(*(_finding(origin, dict(each), lines) for each in error.errors(include_url=False))) from None


def golden_leads(sector: str, locale: str) -> dict[str, QualifiedLead]:
    """The sector's sample leads as they would have answered in this language."""
    samples = golden_file(sector)
    return {
        name: QualifiedLead(
            lead_id=uuid5(NAMESPACE_URL, f"markezy:golden:{sector}:{name}"),
            conversation_id=uuid5(NAMESPACE_URL, f"markezy:golden:{sector}:{name}:conversation"),
            flow_version_id=uuid5(NAMESPACE_URL, f"markezy:golden:{sector}"),
            locale=locale,
            end=sample.end,
            score=sample.score,
            contact=Contact(**sample.contact),
            answers=tuple(
                _answer(id_, samples.questions[id_], sample.answers[id_], locale)
                for id_ in samples.questions
                if id_ in sample.answers
            ),
        )
        for name, sample in samples.leads.items()
    }


def golden_reasons(sector: str, locale: str) -> dict[str, tuple[ScoreReason, ...]]:
    """By sample lead what their score is made of, the most telling first."""
    file = golden_file(sector)
    return {
        name: tuple(
            ScoreReason((id_,), (file.questions[id_].label[locale],), points)  # type: ignore[index]
            for id_, points in sorted(sample.points.items(), key=lambda one: -abs(one[1]))
        )
        for name, sample in file.leads.items()
    }


def _answer(id_: str, question: Question, value: Any, locale: str) -> QualifiedAnswer:
    said = value[locale] if isinstance(value, dict) else value
    return QualifiedAnswer(id_, question.label[locale], said, _display(question, said, locale))  # type: ignore[index]


def _display(question: Question, value: Any, locale: str) -> str:
    """What a flow would show for the answer."""
    formats = Formats(locale)
    if question.options:
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(question.options[str(one)][locale] for one in chosen)  # type: ignore[index]
    match question.type:
        case "money":
            return formats.money(value)
        case "number":
            return formats.number(value)
        case "percent":
            return formats.percent(value)
        case "date":
            return formats.day(date.fromisoformat(str(value)))
        case "yes_no":
            return _YES_NO[locale][0 if value else 1]
    return str(value)


def _finding(origin: str, error: Mapping[str, Any], lines: Mapping[str, int]) -> Finding:
    at = "/".join(map(str, error["loc"]))
    message = str(error["msg"]).removeprefix("Value error, ")
    return Finding(origin, at, message[:1].upper() + message[1:] + ".", "", line=lines.get(at))
