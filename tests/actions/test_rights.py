"""The lead's rights, turn by turn."""

from tests.actions.conversation import LEAD, Conversation, names


def test_a_lead_who_is_being_forgotten_says_nothing_any_more(lead: Conversation) -> None:
    lead.tap("/start")
    asked = lead.say("delete my data", "ask_privacy")
    assert [button["payload"] for button in asked["responses"][0]["buttons"]] == [
        "/confirm_deletion", "/withdraw_consent", "/keep_my_data",
    ]  # fmt: skip
    done = lead.tap("/confirm_deletion")
    assert [event["data"] for event in done["events"] if event["event"] == "qualification"] == [{"lead_id": LEAD}]
    afterwards = lead.tap('/answer{"question": "goal", "value": "sales"}')
    assert names(afterwards) == []
    assert afterwards["responses"][0]["text"] == done["responses"][0]["text"]


def test_the_buttons_do_what_they_say(lead: Conversation) -> None:
    lead.tap("/start")
    assert names(lead.tap("/delete_my_data")) == []
    assert names(lead.tap("/keep_my_data")) == []
    assert names(lead.tap("/withdraw_consent")) == ["consent_withdrawn"]


def test_a_refused_lead_asks_for_a_person(lead: Conversation) -> None:
    lead.tap("/start")
    refused = lead.tap('/answer{"question": "goal", "value": "none"}')
    assert refused["responses"][-1]["buttons"][0]["payload"] == "/ask_review"
    assert names(lead.tap("/ask_review")) == ["person_requested"]
