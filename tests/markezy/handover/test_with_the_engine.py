"""The platform's half and the flow engine's half of a handover understand each other: each one's words go to the other."""

from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from markezy.flows.definition import parse_definition
from markezy.flows.engine import commands, people
from markezy.flows.engine.flow import Flow, compile_flow
from markezy.flows.engine.state import Origin, State
from markezy.flows.engine.turn import Outcome
from markezy.kernel.ids import new_id
from markezy.leads import api as leads

from tests.markezy.bot import Bot
from tests.markezy.handover.conftest import NOT_OPEN, Office

SEED = Path(__file__).parents[3] / "platform/seeds/flows/restaurant.yml"


@dataclass
class Assistant:
    """The engine in the bot's place: what it makes of news and commands is in the log, as the tracker store writes it."""

    office: Office
    bot: Bot
    flow: Flow
    state: State
    heard: int = 0

    def does(self, outcome: Outcome) -> None:
        self.state = outcome.state
        for event in outcome.events:
            self.office.conversation.add(f"qualification.{event.name}", dict(event.data))
        for message in outcome.messages:
            more = {"name": message.staff} if message.staff else {}
            actor = "staff" if message.staff else "assistant"
            self.office.conversation.add("message.sent", {"text": message.text, **more}, actor)
        self.office.catch_up()

    def hears(self) -> None:
        """Take in what the worker delivers."""
        self.office.work("handover.deliver")
        for news in self.bot.posted[self.heard :]:
            self.does(people.news(self.flow, self.state, news.body["intent"], news.body["data"]))
        self.heard = len(self.bot.posted)

    @property
    def lead(self) -> str:
        return str(self.office.rows("SELECT person FROM lead")[0][0])


@pytest.fixture
def assistant(office: Office, bot: Bot) -> Assistant:
    flow = compile_flow(parse_definition(yaml.safe_load(SEED.read_text())))
    begun = commands.start(flow, Origin(str(new_id()), "en"))
    assistant = Assistant(office, bot, flow, begun.state)
    assistant.does(begun)
    return assistant


def test_a_person_comes_talks_and_goes(assistant: Assistant) -> None:
    office, user = assistant.office, assistant.office.hire()
    pending = office.rows("SELECT pending_question FROM lead")
    assistant.does(people.request_person(assistant.flow, assistant.state))
    assert (office.handovers(), assistant.lead) == ([("waiting", None)], "waiting")
    office.take(user)
    office.say(user, new_id(), "Hello, how can I help?")
    assistant.hears()
    assert (assistant.state.person, assistant.lead) == ("talking", "talking")
    office.release(user)
    assistant.hears()
    assert (assistant.state.person, assistant.lead) == ("", "")
    assert office.rows("SELECT pending_question FROM lead") == pending
    said = office.call("GET", f"/leads/{office.lead_id}/transcript", user).json()["items"]
    assert [(one["name"], one["text"]) for one in said if one["from"] == "staff"] == [
        ("Ravi", "Hello, how can I help?")
    ]
    assert any("Ravi" in one["text"] for one in said if one["from"] == "assistant")


def test_a_closed_office_takes_a_message(assistant: Assistant) -> None:
    office = assistant.office
    office.keep(office_hours={"mon": [["09:00", "09:01"]]})
    assistant.does(people.request_person(assistant.flow, assistant.state))
    assistant.hears()
    assert (assistant.state.person, assistant.lead, office.handovers()) == ("away", "away", [("away", None)])
    with office.database.transaction(office.tenant_id) as connection:
        said = leads.transcript(connection, office.tenant_id, office.lead_id)
    assert "Monday at 09:00" in said[-1].text
    office.happens("message_left", text="Call me.")
    assert (assistant.lead, office.handovers()) == ("", [("away", "Call me.")])


def test_nobody_free_in_time_is_said_once(assistant: Assistant) -> None:
    assistant.does(people.request_person(assistant.flow, assistant.state))
    for _ in range(2):
        assistant.office.work("handover.give_up")
        assistant.hears()
    assert (assistant.state.person, assistant.lead) == ("away", "away")
    assert [news.body["data"]["reason"] for news in assistant.bot.posted] == ["busy"]


def test_a_lead_who_goes_on_while_a_closed_office_is_told_of_is_left_in_peace(assistant: Assistant) -> None:
    assistant.office.keep(office_hours=NOT_OPEN)
    assistant.does(people.request_person(assistant.flow, assistant.state))
    assistant.does(people.go_on(assistant.flow, assistant.state))
    assistant.hears()
    assert (assistant.state.person, assistant.lead) == ("", "")
    assert assistant.office.handovers() == [("closed", None)]
