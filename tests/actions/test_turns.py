"""What Rasa gets for each action."""

import re
import uuid
from typing import Any

import pytest
import requests

from tests.actions.conftest import DEFINITION
from tests.actions.conversation import CONVERSATION, FLOW_VERSION, LEAD, TENANT, Conversation, names
from tests.actions.platform_stand_in import Platform

SALES = '/answer{"question":"goal","value":"sales"}'


def test_the_first_turn_greets_and_asks(lead: Conversation) -> None:
    answer = lead.tap("/start")
    assert [response["text"] for response in answer["responses"]] == ["Hello (en)", "Goal? (en)"]
    question = answer["responses"][1]
    assert question["buttons"][0] == {"title": "Sales (en)", "payload": SALES}
    assert question["custom"]["progress"] == {"done": 0, "of": 2}
    assert question["custom"]["input"]["type"] == "choice"
    assert names(answer) == ["started", "question_asked"]
    assert answer["events"][0]["data"] == {"flow_version_id": FLOW_VERSION, "locale": "en"}
    assert answer["events"][-1] == {"event": "followup", "name": "action_listen"}


def test_the_state_keeps_where_the_lead_comes_from(lead: Conversation) -> None:
    lead.metadata.update(locale="fr-CA", utm={"source": "news"}, hidden={"plan": "a"})
    answer = lead.tap("/start")
    assert answer["responses"][0]["text"] == "Hello (fr)"
    state = lead.slots["qualification"]
    assert (state["lead_id"], state["locale"], state["utm"], state["hidden"]) == (
        LEAD,
        "fr",
        {"source": "news"},
        {"plan": "a"},
    )


def test_a_conversation_runs_to_its_end_and_the_platform_is_told_once(lead: Conversation, platform: Platform) -> None:
    lead.tap("/start")
    lead.tap(SALES)
    rejected = lead.say("maya at shop")
    assert names(rejected) == ["answer_rejected"]
    assert "@" in rejected["responses"][0]["text"]
    recap = lead.say("maya@shop.example")
    assert names(recap) == ["answer_recorded", "recap_shown"]
    assert recap["responses"][-1]["custom"]["input"]["type"] == "recap"
    assert platform.calls("/qualified") == []
    done = lead.tap("/confirm")
    assert names(done) == ["recap_confirmed", "completed"]
    assert done["responses"][-1]["text"] == "Done (en)"
    (told,) = platform.calls("/qualified")
    assert told["path"] == f"/internal/leads/{LEAD}/qualified"
    assert re.fullmatch(f"{CONVERSATION}:done:[0-9a-f]{{16}}", told["key"])
    assert told["correlation_id"] == "corr-0001-test"
    assert (told["claims"]["iss"], told["claims"]["tid"]) == ("actions", TENANT)
    assert told["claims"]["exp"] - told["claims"]["iat"] <= 60
    assert told["body"] == {
        "conversation_id": CONVERSATION,
        "flow_version_id": FLOW_VERSION,
        "locale": "en",
        "end": "done",
        "score": 0,
        "contact": {"name": None, "email": "maya@shop.example", "phone": None, "company": None},
        "answers": [
            {"question": "goal", "label": "Goal (en)", "value": "sales", "display": "Sales (en)"},
            {"question": "email", "label": "E-mail (en)", "value": "maya@shop.example", "display": "maya@shop.example"},
        ],
        "consents": {},
    }
    afterwards = lead.say("and now?")
    assert names(afterwards) == []
    assert len(afterwards["responses"]) == 1
    assert len(platform.calls("/qualified")) == 1


def test_only_a_qualified_end_is_told(lead: Conversation, platform: Platform) -> None:
    lead.tap("/start")
    assert names(lead.say("none"))[-1] == "completed"
    assert platform.calls("/qualified") == []


def test_interruptions_answer_and_ask_again(lead: Conversation) -> None:
    lead.tap("/start")
    for said, intent, reply, events in (
        ("why?", "ask_why", "Because of the goal (en)", []),
        ("how much", "ask_price", "Free (en)", []),
        ("what is the price", "ask_faq", "Free (en)", []),
        ("what about my data", "ask_privacy", None, []),
        ("are you a robot", "ask_bot", None, []),
        ("what is the price", "out_of_scope", "Free (en)", []),
        ("what is the price?", "answer", "Free (en)", []),
        ("thank you", "small_talk", None, []),
        ("lovely weather", "small_talk", None, ["answer_rejected"]),
    ):
        answer = lead.say(said, intent)
        assert names(answer) == events
        assert reply in (None, answer["responses"][0]["text"])
        assert answer["responses"][-1]["text"] == "Goal? (en)"


def test_stop_and_go_on(lead: Conversation) -> None:
    lead.tap("/start")
    assert names(lead.tap("/stop")) == ["stopped"]
    back = lead.say("hello again")
    assert names(back) == ["resumed"]
    assert back["responses"][-1]["text"] == "Goal? (en)"


def test_who_says_goodbye_after_stopping_has_stopped(lead: Conversation) -> None:
    lead.tap("/start")
    lead.tap("/stop")
    goodbye = lead.say("thanks, bye", "small_talk")
    assert names(goodbye) == []
    assert len(goodbye["responses"]) == 1
    assert names(lead.say("sales")) == ["resumed", "answer_recorded", "question_asked"]


def test_the_team_hears_whether_a_person_was_wanted_or_offered(lead: Conversation) -> None:
    def reason(answer: dict[str, Any]) -> str:
        (data,) = [event["data"] for event in answer["events"] if event.get("name") == "person_requested"]
        return str(data["reason"])

    lead.tap("/start")
    lead.say("bananas")
    assert reason(lead.say("a human please", "ask_person")) == "asked"
    lead.tap("/go_on")
    lead.say("who won the match", "out_of_scope")
    offered = lead.say("bananas")
    assert offered["responses"][-1]["buttons"][-1]["payload"] == "/ask_person"
    assert reason(lead.tap("/ask_person")) == "misunderstood"


def test_going_back_and_changing_an_earlier_answer(lead: Conversation) -> None:
    lead.tap("/start")
    lead.tap(SALES)
    assert names(lead.tap("/go_back")) == ["question_asked"]
    changed = lead.tap('/answer{"question":"goal","value":"none"}')
    assert names(changed) == ["answer_changed", "completed"]
    assert changed["events"][0]["data"]["previous"] == "sales"


def test_a_change_in_words_and_by_a_tap(lead: Conversation) -> None:
    lead.tap("/start")
    lead.tap(SALES)
    assert names(lead.tap('/change_answer{"question":"goal"}')) == ["question_asked"]
    lead.tap(SALES)
    assert names(lead.say("change my goal please", "change_answer")) == ["question_asked"]
    assert lead.slots["qualification"]["pending"] == "goal"


def test_the_conversation_follows_the_language_of_the_lead(lead: Conversation) -> None:
    lead.tap("/start")
    heard = lead.say("je ne sais pas encore très bien", language="fr")
    assert names(heard) == ["locale_changed", "answer_rejected"]
    assert heard["responses"][-1]["buttons"][0]["title"] == "Sales (fr)"
    asked = lead.say("in English please", "switch_language", language="en")
    assert names(asked) == ["locale_changed"]
    assert asked["responses"][-1]["text"] == "Goal? (en)"
    assert names(lead.tap('/switch_language{"value":"fr"}')) == ["locale_changed"]


def test_the_first_words_choose_the_language(lead: Conversation) -> None:
    answer = lead.say("Bonjour, je cherche une agence", "start", language="fr")
    assert answer["responses"][0]["text"] == "Hello (fr)"


def test_while_a_person_has_the_word_the_assistant_is_silent(lead: Conversation) -> None:
    lead.tap("/start")
    assert names(lead.say("a human please", "ask_person")) == ["person_requested"]
    waiting = lead.say("hello?", "start")
    assert (waiting["responses"], names(waiting)) == ([], [])
    joined = lead.turn("person_joined", "", {"name": "Ravi"})
    assert names(joined) == ["person_joined"]
    said = lead.turn("person_message", "", {"name": "Ravi", "text": "How can I help?"})
    (message,) = said["responses"]
    assert message["text"] == "How can I help?"
    assert message["custom"] == {"from": "staff", "name": "Ravi"}
    talking = lead.tap(SALES)
    assert (talking["responses"], names(talking)) == ([], [])
    left = lead.turn("person_left", "", {"name": "Ravi"})
    assert left["responses"][-1]["text"] == "Goal? (en)"
    assert names(lead.tap(SALES)) == ["answer_recorded", "question_asked"]


def test_a_tap_takes_back_who_waits_for_a_person(lead: Conversation) -> None:
    lead.tap("/start")
    lead.tap("/ask_person")
    assert names(lead.tap(SALES)) == ["person_declined", "answer_recorded", "question_asked"]
    lead.tap("/ask_person")
    back = lead.tap("/go_on")
    assert names(back) == ["person_declined"]
    assert back["responses"][-1]["text"] == "E-mail? (en)"


def test_an_absent_team_gets_the_message(lead: Conversation) -> None:
    lead.tap("/start")
    lead.tap("/ask_person")
    away = lead.turn("team_away", "", {"reason": "closed", "opens_at": "2026-11-24T09:00:00+01:00"})
    assert "Tuesday" in away["responses"][0]["text"]
    left = lead.say("a person should call me back", "ask_person")
    assert names(left) == ["message_left"]
    assert left["responses"][-1]["text"] == "Goal? (en)"


def test_a_link_for_later_goes_to_the_address_given(lead: Conversation) -> None:
    lead.tap("/start")
    assert names(lead.tap("/resume_later")) == ["email_asked"]
    sent = lead.say("maya@shop.example")
    assert names(sent) == ["resume_link_requested"]
    assert sent["events"][0]["data"] == {"email": "maya@shop.example"}


def test_a_reminder_repeats_the_question(lead: Conversation) -> None:
    lead.tap("/start")
    reminded = lead.turn("reminder", "", {})
    assert names(reminded) == ["reminded"]
    assert reminded["responses"][-1]["text"] == "Goal? (en)"


def test_whatever_comes_first_begins_the_conversation(lead: Conversation) -> None:
    answer = lead.say("I need customers")
    assert names(answer) == ["started", "question_asked"]


def test_first_words_are_heard_once_the_lead_was_greeted(lead: Conversation) -> None:
    answer = lead.say("sales, and my e-mail is maya@shop.example")
    assert names(answer) == [
        "started",
        "question_asked",
        "answer_recorded",
        "answer_noted",
        "answer_recorded",
        "recap_shown",
    ]
    texts = [response["text"] for response in answer["responses"]]
    assert texts[0] == "Hello (en)"
    assert "Goal? (en)" not in texts
    assert {item["display"] for item in answer["responses"][-1]["custom"]["input"]["items"]} == {
        "Sales (en)",
        "maya@shop.example",
    }


def test_a_greeting_that_says_more_is_heard_too(lead: Conversation) -> None:
    answer = lead.say("Hello there, we need more sales", "start")
    assert [response["text"] for response in answer["responses"]] == ["Hello (en)", "E-mail? (en)"]
    assert names(answer) == ["started", "question_asked", "answer_recorded", "question_asked"]


@pytest.mark.parametrize(
    ("said", "intent"), [("hi", "start"), ("hello, I need your help today", "start"), ("yes", "affirm"), ("no", "deny")]
)
def test_first_words_that_answer_nothing_are_greeted_and_not_told_off(
    lead: Conversation, said: str, intent: str
) -> None:
    answer = lead.say(said, intent)
    assert [response["text"] for response in answer["responses"]] == ["Hello (en)", "Goal? (en)"]
    assert names(answer) == ["started", "question_asked"]


def test_a_first_question_of_the_leads_is_answered(lead: Conversation) -> None:
    answer = lead.say("how much is it?", "ask_price")
    assert [response["text"] for response in answer["responses"]] == ["Hello (en)", "Free (en)", "Goal? (en)"]


def test_who_asks_for_a_person_first_is_not_asked_anything_else(lead: Conversation) -> None:
    answer = lead.say("a human please", "ask_person")
    assert names(answer) == ["started", "question_asked", "person_requested"]
    assert "Goal? (en)" not in [response["text"] for response in answer["responses"]]
    assert lead.tap("/go_on")["responses"][-1]["text"] == "Goal? (en)"


@pytest.mark.parametrize("type_", ["text", "long_text", "number", "yes_no"])
@pytest.mark.parametrize(("said", "intent"), [("yes, there are 2 of us", "answer"), ("nice weather", "out_of_scope")])
def test_first_words_are_no_answer_to_a_question_that_takes_any(
    lead: Conversation, platform: Platform, type_: str, said: str, intent: str
) -> None:
    questions = {name: {**question} for name, question in DEFINITION["questions"].items()}
    questions["goal"].update(type=type_, next=[{"to": "email"}])
    del questions["goal"]["options"]
    lead.metadata["flow_version_id"] = str(uuid.uuid4())
    platform.definitions[lead.metadata["flow_version_id"]] = {**DEFINITION, "questions": questions}
    answer = lead.say(said, intent)
    assert names(answer) == ["started", "question_asked"]
    assert answer["responses"][-1]["text"] == "Goal? (en)"


def test_the_strategy_is_announced_with_its_document(lead: Conversation) -> None:
    lead.metadata["locale"] = "fr"
    lead.tap("/start")
    news = {"title": "Plan", "url": "https://platform.example/s/1.pdf"}
    answer = lead.turn("strategy_ready", "", news)
    (message,) = answer["responses"]
    assert "Plan" in message["text"]
    assert message["text"].startswith("Votre stratégie")
    assert message["custom"] == {"attachment": {**news, "media_type": "application/pdf"}}
    assert answer["events"] == [{"event": "followup", "name": "action_listen"}]


def test_rasa_may_leave_the_domain_out(lead: Conversation) -> None:
    lead.domain = None
    assert names(lead.tap("/start")) == ["started", "question_asked"]


def test_there_are_the_actions_and_the_operators_addresses(server: str) -> None:
    listed = requests.get(f"{server}/actions", timeout=5).json()
    assert {action["name"] for action in listed} == {
        "action_start", "action_answer", "action_change", "action_confirm", "action_go_back", "action_explain", "action_faq",
        "action_small_talk", "action_switch_language", "action_person", "action_go_on", "action_resume_later", "action_stop",
        "action_delete_my_data", "action_confirm_deletion", "action_keep_my_data", "action_withdraw_consent", "action_ask_review",
        "action_news", "action_announce_strategy",
    }  # fmt: skip
    assert requests.get(f"{server}/health", timeout=5).json() == {"status": "ok"}
    assert requests.get(f"{server}/healthz", timeout=5).status_code == 200
    assert "markezy_action_seconds" in requests.get(f"{server}/metrics", timeout=5).text
