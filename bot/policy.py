"""The rules as a table: what comes next follows from the last intent and what was done since.

Rasa's RulePolicy turns the whole conversation into states at every prediction. Rules of the form *intent, actions,
listen* need none of that (docs/decisions/0005-tracker-store.md).
"""

import json
from collections.abc import Iterable
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME, RULE_SNIPPET_ACTION_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import InvalidConfigException

Table = dict[tuple[str | None, ...], str]
"""(intent, actions since) → the next action."""

_FILE = "rules.json"


class UnsupportedRule(InvalidConfigException):
    """A rule says more than *intent, actions, listen*, or contradicts another."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class RuleTablePolicy(Policy):
    """Predicts by looking up the rules; an intent without a rule is an answer to the question that was asked."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`otherwise`: the action for an intent that no rule names."""
        return {"priority": 6, "otherwise": "action_answer"}

    @staticmethod
    def supported_data() -> SupportedData:
        return SupportedData.RULE_DATA

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        table: Table | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(config, model_storage, resource, execution_context, **kwargs)
        self._table = table or {}
        self._otherwise = config["otherwise"]
        self._probabilities: dict[str, list[float]] = {}

    def train(self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Compile the rules into the table and keep it with the model."""
        self._table = compile_rules(tracker for tracker in training_trackers if tracker.is_rule_tracker)
        domain.index_for_action(self._otherwise)
        with self._model_storage.write_to(self._resource) as directory:
            rules = [[*condition, action] for condition, action in sorted(self._table.items(), key=str)]
            (directory / _FILE).write_text(json.dumps(rules, indent=1))
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "RuleTablePolicy":
        """The policy as it was trained. A model without its table can't be used: the error says so."""
        with model_storage.read_from(resource) as directory:
            rules = json.loads((directory / _FILE).read_text())
        table: Table = {tuple(condition): action for *condition, action in rules}
        return cls(config, model_storage, resource, execution_context, table=table)

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Certainty for the one action that the table names."""
        action = self.next_action(tracker.events)
        probabilities = self._probabilities.get(action)
        if probabilities is None or len(probabilities) != domain.num_actions:
            probabilities = self._default_predictions(domain)
            probabilities[domain.index_for_action(action)] = 1.0
            self._probabilities[action] = probabilities
        return self._prediction(list(probabilities))

    def next_action(self, events: Iterable[Event]) -> str:
        """What follows on `events`: looked up by the last intent and the actions since, or by those alone."""
        intent, done = _latest(events)
        if intent is _NOTHING_SAID:
            return ACTION_LISTEN_NAME
        found = self._table.get((intent, *done))
        if found is not None:
            return found
        return ACTION_LISTEN_NAME if done else self._otherwise


_NOTHING_SAID = "\0"


def _latest(events: Iterable[Event]) -> tuple[str | None, tuple[str, ...]]:
    """The last message's intent and the actions since. Reads backwards, no further than that message."""
    done: list[str] = []
    for event in reversed(events):  # type: ignore[call-overload]
        if isinstance(event, UserUttered):
            return event.intent_name, tuple(reversed(done))
        if isinstance(event, ActionExecuted):
            if event.action_name == ACTION_LISTEN_NAME:
                break
            done.append(event.action_name or "")
    return _NOTHING_SAID, ()


def compile_rules(trackers: Iterable[DialogueStateTracker]) -> Table:
    """The table of the rules in `trackers`; UnsupportedRule for what it can't express."""
    table: Table = {}
    for tracker in trackers:
        intent: str | None = None
        done: tuple[str, ...] = ()
        for event in tracker.applied_events():
            if isinstance(event, UserUttered):
                if intent is not None:
                    raise UnsupportedRule(f"{tracker.sender_id}: a rule has one message only")
                intent, done = event.intent_name, ()
            elif isinstance(event, ActionExecuted):
                if intent is None or event.action_name == RULE_SNIPPET_ACTION_NAME:
                    continue
                if event.action_name is None:
                    raise UnsupportedRule(f"{tracker.sender_id}: a rule names its actions")
                _add(table, (intent, *done), event.action_name, tracker.sender_id)
                done += (event.action_name,)
            else:
                raise UnsupportedRule(f"{tracker.sender_id}: a rule has no {event.type_name} step here")
        if intent is None:
            raise UnsupportedRule(f"{tracker.sender_id}: a rule begins with an intent")
    return table


def _add(table: Table, condition: tuple[str | None, ...], action: str, rule: str) -> None:
    if table.setdefault(condition, action) != action:
        raise UnsupportedRule(f"{rule}: after {' → '.join(map(str, condition))} another rule wants {table[condition]}")
