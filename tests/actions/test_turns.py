"""What Rasa gets for each action."""

import re

import requests

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
    done = lead.say("maya@shop.example")
    assert names(done) == ["answer_recorded", "completed"]
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
        ("a human please", "ask_person", None, ["person_requested"]),
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


def test_going_back_and_changing_an_earlier_answer(lead: Conversation) -> None:
    lead.tap("/start")
    lead.tap(SALES)
    assert names(lead.tap("/go_back")) == ["question_asked"]
    changed = lead.tap('/answer{"question":"goal","value":"none"}')
    assert names(changed) == ["answer_changed", "completed"]
    assert changed["events"][0]["data"]["previous"] == "sales"


def test_whatever_comes_first_begins_the_conversation(lead: Conversation) -> None:
    answer = lead.say("I need customers")
    assert names(answer) == ["started", "question_asked"]


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


def test_there_are_the_eight_actions_and_the_operators_addresses(server: str) -> None:
    listed = requests.get(f"{server}/actions", timeout=5).json()
    assert {action["name"] for action in listed} == {
        "action_start", "action_answer", "action_go_back", "action_explain", "action_faq", "action_person", "action_stop",
        "action_announce_strategy",
    }  # fmt: skip
    assert requests.get(f"{server}/health", timeout=5).json() == {"status": "ok"}
    assert requests.get(f"{server}/healthz", timeout=5).status_code == 200
    assert "markezy_action_seconds" in requests.get(f"{server}/metrics", timeout=5).text
