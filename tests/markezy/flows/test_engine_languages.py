"""The conversation's language, and going on elsewhere."""

from typing import Any

import pytest
from markezy.flows import engine
from markezy.flows.definition import FlowDefinition
from markezy.flows.engine import Flow, Given, Outcome, compile_flow
from markezy.flows.simulator import Simulation

from tests.markezy.flows.conftest import TODAY, said, small_flow


def names(outcome: Outcome) -> list[str]:
    return [event.name for event in outcome.events]


@pytest.fixture
def lead(flow: Flow) -> Simulation:
    return Simulation(flow, TODAY)


def test_the_language_switches_at_any_turn(lead: Simulation) -> None:
    lead.say("sales")
    outcome = lead.command("/in fr")
    assert names(outcome) == ["locale_changed"]
    assert [message.text for message in outcome.messages] == ["Bien sûr, continuons en français.", "Budget? (fr)"]
    assert lead.say("500").messages[-1].text == "Name? (fr)"


def test_a_language_the_flow_does_not_speak_offers_those_it_does(lead: Simulation) -> None:
    outcome = lead.command("/in de")
    assert names(outcome) == ["answer_rejected"]
    assert [(button.title, button.payload) for button in outcome.messages[0].buttons] == [
        ("English", '/switch_language{"value":"en"}'),
        ("Français", '/switch_language{"value":"fr"}'),
    ]


def test_a_language_heard_is_spoken_without_ado(lead: Simulation) -> None:
    outcome = lead.apply(engine.in_language(lead.flow, lead.state, "fr"))
    assert names(outcome) == ["locale_changed"]
    assert outcome.messages == ()
    for same_or_unknown in ("fr", "de", None):
        assert engine.in_language(lead.flow, lead.state, same_or_unknown).events == ()


def by_language() -> Simulation:
    definition = small_flow()
    definition["questions"]["budget"]["when"] = "locale == 'fr'"
    definition["questions"]["goal"]["when"] = "locale == 'en'"
    definition["questions"]["goal"]["next"][0]["when"] = "locale != 'de'"
    return Simulation(compile_flow(FlowDefinition.model_validate(definition)), TODAY)


def test_before_the_first_answer_the_way_follows_the_language() -> None:
    lead = by_language()
    assert lead.state.pending == "goal"
    outcome = lead.command("/in fr")
    assert names(outcome) == ["locale_changed", "question_asked"]
    assert lead.state.pending == "budget"
    assert outcome.messages[-1].text == "Budget? (fr)"


def test_later_it_does_not_change_under_the_leads_feet() -> None:
    lead = by_language()
    lead.say("sales")
    assert lead.state.pending == "name"
    assert names(lead.command("/in fr")) == ["locale_changed"]
    assert lead.state.pending == "name"


def test_what_sounds_like_small_talk_may_be_an_option(lead: Simulation) -> None:
    outcome = lead.apply(engine.small_talk(lead.flow, lead.state, "small_talk", Given("turnover haha"), TODAY))
    assert names(outcome) == ["answer_recorded", "question_asked"]


@pytest.mark.parametrize(
    ("words", "intent", "confidence", "taken"),
    [
        ("Luna Ferrer", "out_of_scope", 1.0, True),
        ("The Funny Cow", "small_talk", 0.92, True),
        ("my name is Bob", "change_answer", 0.7, True),
        ("thanks", "small_talk", 1.0, False),
        ("you stupid machine", "insult", 0.99, False),
        ("who won the match?", "out_of_scope", 0.9, False),
        ("tell me a really good joke about the weather please", "out_of_scope", 0.99, False),
    ],
)
def test_where_a_name_is_asked_for_a_few_words_are_one(
    lead: Simulation, words: str, intent: str, confidence: float, taken: bool
) -> None:
    lead.say("sales")
    lead.say("500")
    assert lead.state.pending == "name"
    given = Given(words, intent, (), confidence)
    if intent == "change_answer":
        outcome = engine.change(lead.flow, lead.state, given, TODAY)
    else:
        outcome = engine.small_talk(lead.flow, lead.state, intent, given, TODAY)
    assert ("answer_recorded" in names(outcome)) is taken


def test_a_name_tells_nothing_about_the_language(lead: Simulation) -> None:
    lead.say("sales")
    lead.say("500")
    assert engine.in_language(lead.flow, lead.state, "fr", "Boulangerie de la Gare").events == ()
    long = "Je préfère continuer en français si cela vous va"
    assert names(engine.in_language(lead.flow, lead.state, "fr", long)) == ["locale_changed"]


def test_what_the_flow_does_not_answer_the_assistant_does(lead: Simulation) -> None:
    outcome = lead.apply(engine.faq(lead.flow, lead.state, "are you a robot?", "bot"))
    assert (
        outcome.messages[0].text
        == "I'm a digital assistant. The team reads along and takes over when you ask for a person."
    )


def test_a_link_is_sent_to_the_address_that_is_known_or_given(lead: Simulation) -> None:
    outcome = lead.command("/later")
    assert names(outcome) == ["email_asked"]
    outcome = lead.say("maya@shop.example please")
    assert names(outcome) == ["resume_link_requested"]
    assert outcome.events[0].data == {"email": "maya@shop.example"}
    assert lead.state.asked_for == ""
    assert names(lead.command("/later to zoe@shop.example")) == ["resume_link_requested"]


def test_who_answers_the_question_instead_is_not_asked_again(lead: Simulation) -> None:
    lead.command("/later")
    outcome = lead.say("sales")
    assert names(outcome) == ["email_withheld", "answer_recorded", "question_asked"]


def computed(**more: Any) -> Simulation:
    definition = small_flow()
    definition["computed"] = {"yearly": {"value": "answers.budget * 12.0"}}
    definition.update(more)
    definition["questions"]["name"]["text"] = said("{yearly} a year. Name?")
    return Simulation(compile_flow(FlowDefinition.model_validate(definition)), TODAY)


def test_a_computed_field_is_shown_and_used_in_conditions() -> None:
    lead = computed(scoring=[{"when": "computed.yearly > 10000", "points": 5}])
    lead.say("sales")
    lead.say("900.5")
    assert lead.outcome.messages[-1].text == "10,806 a year. Name?"
    assert lead.state.score == 5


def test_a_rule_ends_the_qualification_wherever_it_holds() -> None:
    lead = computed(rules=[{"when": "answers.budget < 10", "to": "nothing"}])
    lead.say("sales")
    outcome = lead.say("5")
    assert names(outcome) == ["answer_recorded", "completed"]
    assert lead.state.end == "nothing"
    lead.command("/back")
    assert names(lead.say("50")) == ["answer_changed", "question_asked"]


def test_computed_fields_may_use_each_other_in_whatever_order_they_are_stored() -> None:
    fields = {"a_share": {"value": "computed.yearly / 2.0"}, "yearly": {"value": "answers.budget * 12.0"}}
    lead = computed(computed=fields, scoring=[{"when": "computed.a_share > 5000", "points": 5}])
    lead.say("sales")
    lead.say("900.5")
    assert lead.state.score == 5


def test_computed_fields_in_a_circle_are_refused() -> None:
    fields = {"one": {"value": "computed.other + 1"}, "other": {"value": "computed.one + 1"}}
    with pytest.raises(ValueError, match="circle: one, other"):
        computed(computed=fields)
