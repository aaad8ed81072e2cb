from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rasa.core.policies.policy import Policy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.training import load_data
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.policy import RuleTablePolicy, UnsupportedRule, compile_rules

RULES = Path(__file__).parents[2] / "data" / "rules"


@pytest.fixture(scope="session")
def trackers(domain: Domain) -> list[DialogueStateTracker]:
    return load_data(str(RULES), domain, augmentation_factor=0)


@pytest.fixture(scope="session")
def trained(
    domain: Domain, trackers: list[DialogueStateTracker], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[type[Policy]], Policy]:
    """Trains a policy on the rules and loads it again from its model."""

    def train(policy: type[Policy]) -> Policy:
        storage = LocalModelStorage.create(tmp_path_factory.mktemp("policy"))
        resource, context = Resource("policy"), ExecutionContext(GraphSchema({}))
        config = policy.get_default_config()
        policy.create({**config}, storage, resource, context).train(trackers, domain)
        return policy.load({**config}, storage, resource, context)

    return train


def predicted(policy: Policy, domain: Domain, events: list[Event]) -> str:
    tracker = DialogueStateTracker.from_events("someone", events, domain.slots)
    prediction = policy.predict_action_probabilities(tracker, domain)
    return domain.action_names_or_texts[prediction.max_confidence_index]


LISTENING = ActionExecuted(ACTION_LISTEN_NAME)


def said(intent: str | None) -> list[Event]:
    return [UserUttered("text", {"name": intent}), DefinePrevUserUtteredFeaturization(False)]


def earlier_turn() -> list[Event]:
    return [LISTENING, *said("start"), ActionExecuted("action_start"), BotUttered("What is your name?")]


@pytest.mark.parametrize("history", [[], earlier_turn(), earlier_turn() * 3])
def test_decides_as_rasas_rule_policy_on_every_rule(
    trained: Callable[[type[Policy]], Policy],
    trackers: list[DialogueStateTracker],
    domain: Domain,
    history: list[Event],
) -> None:
    ours, rasas = trained(RuleTablePolicy), trained(RulePolicy)
    rules = compile_rules(trackers)
    assert len(rules) == 2 * len(domain.intents) - 2 * len({"back", "restart", "session_start", "nlu_fallback"})

    for condition in rules:
        intent, *done = condition
        events = [*history, LISTENING, *said(intent), *(ActionExecuted(action) for action in done)]
        assert predicted(ours, domain, events) == predicted(rasas, domain, events) == rules[condition]


def test_takes_an_intent_without_a_rule_for_an_answer(
    trained: Callable[[type[Policy]], Policy], domain: Domain
) -> None:
    policy = trained(RuleTablePolicy)

    for intent in (None, "nlu_fallback", "restart", "never_heard_of"):
        asked = [*earlier_turn(), LISTENING, *said(intent)]
        assert predicted(policy, domain, asked) == "action_answer"
        assert predicted(policy, domain, [*asked, ActionExecuted("action_answer")]) == ACTION_LISTEN_NAME


def test_listens_when_nobody_said_anything(trained: Callable[[type[Policy]], Policy], domain: Domain) -> None:
    assert predicted(trained(RuleTablePolicy), domain, []) == ACTION_LISTEN_NAME
    assert predicted(trained(RuleTablePolicy), domain, earlier_turn()[:1]) == ACTION_LISTEN_NAME


def test_reads_no_further_back_than_the_last_message(trained: Callable[[type[Policy]], Policy]) -> None:
    class Exhaustible(list[Any]):
        read = 0

        def __reversed__(self) -> Any:
            for event in super().__reversed__():
                self.read += 1
                yield event

    events = Exhaustible([*earlier_turn() * 500, LISTENING, *said("answer"), SlotSet("locale", "en")])

    trained(RuleTablePolicy).next_action(events)  # type: ignore[attr-defined]

    assert events.read == 3


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ([*said("start")[:1], ActionExecuted("a"), *said("stop")[:1], ActionExecuted("b")], "one message only"),
        ([*said("start")[:1], SlotSet("locale", "en"), ActionExecuted("a")], "no slot step"),
        ([ActionExecuted("a"), LISTENING], "begins with an intent"),
    ],
)
def test_refuses_a_rule_it_can_not_express(domain: Domain, events: list[Event], reason: str) -> None:
    with pytest.raises(UnsupportedRule, match=reason):
        compile_rules([DialogueStateTracker.from_events("rule", events, domain.slots)])


def test_refuses_rules_that_contradict_each_other(domain: Domain) -> None:
    rules = [
        DialogueStateTracker.from_events(name, [*said("start")[:1], ActionExecuted(action)], domain.slots)
        for name, action in (("one", "action_start"), ("two", "action_stop"))
    ]

    with pytest.raises(UnsupportedRule, match="another rule wants action_start"):
        compile_rules(rules)
