"""Words of a consent that changed while the lead was answering."""

import copy
from collections.abc import Iterator

import pytest

from tests.actions.conftest import DEFINITION, said
from tests.actions.conversation import FLOW_VERSION, Conversation, names
from tests.actions.platform_stand_in import Platform, platform_running


@pytest.fixture
def platform() -> Iterator[Platform]:
    definition = copy.deepcopy(DEFINITION)
    definition["questions"]["goal"]["next"][1]["to"] = "consent"
    definition["questions"]["consent"] = {
        "type": "consent", "text": said("May we write?"), "help": said("To write"), "label": said("Consent"),
        "next": [{"when": "answers.consent == true", "to": "email"}, {"to": "nothing"}],
    }  # fmt: skip
    with platform_running({FLOW_VERSION: definition}) as running:
        yield running


def test_the_lead_is_asked_again_and_only_then_handed_over(lead: Conversation, platform: Platform) -> None:
    lead.tap("/start")
    lead.tap('/answer{"question": "goal", "value": "sales"}')
    lead.tap('/answer{"question": "consent", "value": true}')
    lead.say("maya@shop.example")
    platform.outdated = [{"question": "consent", "version": 2, "texts": {"en": "May we call?"}}]
    asked = lead.tap("/confirm")
    assert "completed" not in names(asked)
    assert asked["responses"][-1]["text"] == "May we call?"
    agreed = lead.tap('/answer{"question": "consent", "value": true}')
    assert agreed["responses"][-1]["custom"]["input"]["type"] == "recap"
    assert names(lead.tap("/confirm")) == ["recap_confirmed", "completed"]
    refused, accepted = platform.calls("/qualified")
    assert (refused["body"]["consents"], accepted["body"]["consents"]) == ({}, {"consent": 2})
    assert refused["key"] != accepted["key"]
