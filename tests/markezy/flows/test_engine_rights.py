"""What leads may ask for about themselves."""

import pytest
from markezy.flows import engine
from markezy.flows.definition import FlowDefinition
from markezy.flows.engine import Event, Flow, Given, Origin, Outcome, State
from markezy.flows.engine.rights import asks_to_be_forgotten

from tests.markezy.consents.conftest import asking
from tests.markezy.flows.conftest import TODAY

ORIGIN = Origin("v1", "en", "widget", "lead-1")


@pytest.fixture
def flow() -> Flow:
    return engine.compile_flow(FlowDefinition.model_validate(asking("May we write to you?")))


@pytest.fixture
def under_way(flow: Flow) -> State:
    state = engine.start(flow, ORIGIN).state
    return engine.answer(flow, state, Given(True), TODAY, "consent").state


def named(outcome: Outcome, name: str) -> list[Event]:
    return [event for event in outcome.events if event.name == name]


def buttons(outcome: Outcome) -> list[str]:
    return [button.payload for message in outcome.messages for button in message.buttons]


@pytest.mark.parametrize(
    "words",
    [
        "delete my data", "please erase everything you have about me", "Remove my personal data please!", "forget me",
        "supprimez mes données", "effacez tout ce que vous avez sur moi", "je veux que mes informations soient supprimées",
        "borren mis datos por favor", "elimina toda mi información", "quiero que olviden mis datos",
    ],
)  # fmt: skip
def test_an_order_to_delete_is_heard(words: str) -> None:
    assert asks_to_be_forgotten(words)


@pytest.mark.parametrize(
    "words",
    [
        "can I have my data deleted afterwards", "how do I delete my data", "will my data be deleted?", "what do you do with my data",
        "comment effacer mes données ?", "mes données sont elles supprimées ensuite", "cuándo borran mis datos",
        "¿pueden borrar mis datos?", "is my data safe", "who sees my answers",
    ],
)  # fmt: skip
def test_a_question_about_deletion_is_a_question(words: str) -> None:
    assert not asks_to_be_forgotten(words)


def test_an_answer_about_privacy_offers_the_deletion(flow: Flow, under_way: State) -> None:
    assert "/delete_my_data" in buttons(engine.faq(flow, under_way, "what happens to my data?", "privacy"))


def test_nothing_is_deleted_before_the_lead_is_sure(flow: Flow, under_way: State) -> None:
    asked = engine.faq(flow, under_way, "delete my data", "privacy")
    assert asked.events == ()
    assert buttons(asked) == ["/confirm_deletion", "/withdraw_consent", "/keep_my_data"]
    kept = engine.keep_my_data(flow, asked.state)
    assert (kept.events, kept.state.pending) == ((), "goal")


def test_who_is_sure_is_forgotten_and_nothing_counts_any_more(flow: Flow, under_way: State) -> None:
    done = engine.confirm_deletion(flow, under_way)
    assert named(done, "erasure_requested")[0].data == {"lead_id": "lead-1"}
    assert State.from_json(done.state.to_json()).erasing
    assert engine.confirm_deletion(flow, done.state).events == ()
    assert engine.forgetting(done.state).messages[0].text == done.messages[0].text


def test_who_does_not_want_to_be_written_to_takes_the_way_of_a_refusal(flow: Flow, under_way: State) -> None:
    outcome = engine.withdraw_consent(flow, under_way, TODAY)
    assert named(outcome, "consent_withdrawn")[0].data["purpose"] == "contact"
    assert named(outcome, "consent_recorded")[0].data["given"] is False
    assert outcome.state.end == "nothing"


def test_after_the_end_a_withdrawal_changes_no_answer(flow: Flow, under_way: State) -> None:
    state = under_way
    for value in ("other", "because", "Zoë"):
        state = engine.answer(flow, state, Given(value), TODAY, state.pending).state
    state = engine.confirm(flow, state).state
    outcome = engine.withdraw_consent(flow, state, TODAY)
    assert [event.name for event in outcome.events] == ["consent_withdrawn"]
    assert outcome.state.answers == state.answers


def test_a_refusal_by_rules_can_be_looked_at_by_a_person(flow: Flow, under_way: State) -> None:
    refused = engine.answer(flow, under_way, Given(False), TODAY, "consent")
    assert refused.state.outcome == "disqualified"
    assert "/ask_review" in buttons(refused)
    asked = engine.ask_review(flow, refused.state)
    assert named(asked, "person_requested")[0].data == {"reason": "review"}
    assert asked.state.person == "waiting"


def test_who_stops_may_have_everything_deleted(flow: Flow, under_way: State) -> None:
    assert "/delete_my_data" in buttons(engine.stop(flow, under_way))
