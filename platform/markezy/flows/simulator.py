"""Running a flow without any of the rest: as a conversation in text, or by picking answers for a path."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from mimetypes import guess_extension, guess_type
from typing import Any
from uuid import UUID

from markezy.flows import engine
from markezy.flows.answers import correcting_words as how
from markezy.flows.answers.corrections import read_correction
from markezy.flows.definition import ChannelName, Question, QuestionType
from markezy.flows.engine import Event, Flow, Given, Origin, Outcome, OutgoingMessage, State

_MEANT = re.compile(
    r"\b(?:i (?:really )?meant|i mean|i was wrong|i made a mistake"
    r"|je voulais (?:dire|écrire|mettre)|je veux dire|je me suis trompée?"
    r"|(?:quise|quería) (?:decir|escribir|poner)|me (?:he )?equivo(?:qué|cado))\b",
    re.IGNORECASE,
)
_CHANGE_SOMETHING = re.compile(rf"\W*{how.CHANGE}\s+(?:{how.SUBJECT}|{how.THIS})(?:\s+{how.TO}\s|\W*\Z)", re.IGNORECASE)
_HALF_SURE = 0.5
COMMANDS = "/back /why /person /go-on /stop /confirm /later /change <words> /in <language> /file <name>"


@dataclass
class Simulation:
    """One imagined lead. Holds everything said and recorded so far."""

    flow: Flow
    today: date
    locale: str = "en"
    events: list[Event] = field(default_factory=list)
    channel: str = ChannelName.WIDGET.value
    utm: Mapping[str, str] = field(default_factory=dict)
    hidden: Mapping[str, str | int | float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        locale = self.flow.locale(self.locale)
        origin = Origin("simulation", locale, self.channel, utm=dict(self.utm), hidden=dict(self.hidden))
        self.outcome = engine.start(self.flow, origin)
        self.events.extend(self.outcome.events)

    @property
    def state(self) -> State:
        return self.outcome.state

    def apply(self, outcome: Outcome) -> Outcome:
        """Go on from an outcome of the engine."""
        self.events.extend(outcome.events)
        self.outcome = outcome
        return outcome

    def change(self, question: str) -> Outcome:
        """Tap an earlier answer to change it."""
        return self.apply(engine.change(self.flow, self.state, Given(None), self.today, question))

    def say(self, raw: Any, question: str | None = None, intent: str | None = None) -> Outcome:
        """Answer: in words, or with a button's value."""
        return self.apply(engine.answer(self.flow, self.state, Given(raw, intent), self.today, question))

    def command(self, line: str) -> Outcome:
        """One line of a conversation: one of COMMANDS, `?` and a question back, or an answer."""
        flow, state = self.flow, self.state
        if engine.is_silent(state, tapped=line.startswith("/")):
            return self.apply(Outcome((), (), state))
        commands = {
            "/back": engine.go_back,
            "/why": engine.explain,
            "/person": engine.request_person,
            "/go-on": engine.go_on,
            "/stop": engine.stop,
            "/confirm": engine.confirm,
        }
        if line in commands:
            return self.apply(commands[line](flow, state))
        word, _, rest = line.partition(" ")
        if word == "/change":
            return self.apply(engine.change(flow, state, Given(rest, "change_answer"), self.today))
        if word == "/in":
            return self.apply(engine.switch_language(flow, state, rest))
        if word == "/file":
            return self.say(sent_file(rest.strip() or "document.pdf"))
        if word == "/later":
            return self.apply(engine.resume_later(flow, state, Given(rest)))
        if engine.leaves_message(state, tapped=False):
            return self.apply(engine.leave_message(flow, state, line))
        if line.startswith("?"):
            return self.apply(engine.faq(flow, state, line[1:]))
        wish = change_in(line)
        return self.say(line) if wish is None else self.apply(engine.change(flow, state, wish, self.today))


def play(flow: Flow, lines: Iterable[str], today: date, locale: str = "en") -> Iterator[str]:
    """The conversation that `lines` lead to, as text; it ends with the lines or with the qualification."""
    simulation = Simulation(flow, today, locale)
    yield from shown(simulation.outcome)
    for line in lines:
        yield f"> {line}"
        yield from shown(simulation.command(line.strip()))
        if simulation.state.end is not None:
            state = simulation.state
            yield f"[{state.outcome}: {state.end}, {state.score} points]"
            return


def shown(outcome: Outcome) -> Iterator[str]:
    """An outcome's messages as text."""
    if not outcome.messages:
        yield "(The assistant is silent: this message is for a person. /go-on goes on without one.)"
    for message in outcome.messages:
        yield message.text + _progress(message)
        yield from (f"  {place}. {title}" for place, title in enumerate(_choices(message), 1))


def _progress(message: OutgoingMessage) -> str:
    return f" ({message.progress['done']}/{message.progress['of']})" if message.progress else ""


def _choices(message: OutgoingMessage) -> list[str]:
    options = (message.input or {}).get("options") or []
    buttons = [button.title for button in message.buttons]
    return buttons or [option["title"] for option in options]


def sample_answers(question: Question, today: date) -> list[Any]:
    """Usable answers that between them try every option and both sides of the usual thresholds."""
    rules = question.validation
    low, high = rules.min or 0, rules.max if rules.max is not None else 1e9
    figures = [int(figure) for figure in (low, 2, 10, 200, 900, 5000, 1e6, high) if low <= figure <= high]
    by_type: dict[QuestionType, list[Any]] = {
        QuestionType.CHOICE: [option.value for option in question.options],
        QuestionType.MULTI_CHOICE: [
            *([option.value] for option in question.options),
            [option.value for option in question.options][: int(rules.max or len(question.options))],
        ],
        QuestionType.TEXT: ["Maya Lindqvist"],
        QuestionType.LONG_TEXT: ["People who care about how things are made."],
        QuestionType.NUMBER: figures,
        QuestionType.MONEY: figures,
        QuestionType.SCALE: list(range(int(low), int(high) + 1)) if question.type is QuestionType.SCALE else [],
        QuestionType.EMAIL: ["maya@lindqvist.example"],
        QuestionType.PHONE: ["+44 20 7946 0958"],
        QuestionType.URL: ["lindqvist.example"],
        QuestionType.DATE: [date(today.year + 1, 6, 1).isoformat()],
        QuestionType.YES_NO: [True, False],
        QuestionType.CONSENT: [True, False],
        QuestionType.FILE: [sent_file(f"document{_suffix(rules.media_types)}")],
    }
    return by_type[question.type] + ([""] if question.optional else [])


def change_in(text: str) -> Given | None:
    """The words as the wish to change an answer, when they plainly are one: "I meant", one value and not another, or a word
    for changing and what shall change. The assistant hears it by its model, and is surer of it."""
    correction = read_correction(text)
    plain = correction.new is not None and correction.old is not None
    if plain or _MEANT.search(text) or _CHANGE_SOMETHING.match(text):
        return Given(text, "change_answer", confidence=_HALF_SURE)
    return None


def sent_file(name: str) -> dict[str, Any]:
    """A small file of this name, as a channel hands it over."""
    media_type = guess_type(name)[0] or "application/octet-stream"
    return {"file": str(UUID(int=0)), "name": name, "size": 1024, "media_type": media_type}


def _suffix(allowed: tuple[str, ...]) -> str:
    """The ending of a file that may be sent."""
    wanted = allowed[0] if allowed else "application/pdf"
    ordinary = {"image/*": ".png", "video/*": ".mp4", "audio/*": ".mp3", "text/*": ".txt"}
    return ordinary.get(wanted) or guess_extension(wanted) or ".pdf"
