"""A model that knows what an assistant is told, and nothing else."""

import os
from pathlib import Path
from typing import Any

import yaml
from rasa.model_training import train

INTENTS = {
    "start": "action_start",
    "answer": "action_answer",
    "go_back": "action_answer",
    "ask_why": "action_answer",
    "ask_person": "action_answer",
    "stop": "action_answer",
    "change_answer": "action_answer",
    "confirm": "action_answer",
    "go_on": "action_answer",
    "resume_later": "action_answer",
    "switch_language": "action_answer",
    "person_joined": "action_news",
    "person_message": "action_news",
    "person_left": "action_news",
    "team_away": "action_news",
    "reminder": "action_news",
    "strategy_ready": "action_announce_strategy",
}


def train_small_model(folder: Path) -> str:
    """A model that knows the intents and leaves every answer to the action server."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["RASA_CACHE_DIRECTORY"] = str(folder / "cache")

    _write(
        folder / "config.yml",
        {
            "assistant_id": "markezy-tests",
            "recipe": "default.v1",
            "language": "en",
            "pipeline": [{"name": "WhitespaceTokenizer"}, {"name": "KeywordIntentClassifier"}],
            "policies": [{"name": "RulePolicy", "core_fallback_action_name": "action_answer"}],
        },
    )
    _write(
        folder / "domain.yml",
        {
            "version": "3.1",
            "intents": list(INTENTS),
            "entities": ["question", "value", "title", "url", "name", "text", "reason", "opens_at"],
            "slots": {
                name: {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
                for name in ("qualification", "locale", "conversation")
            },
            "actions": sorted(set(INTENTS.values())),
            "session_config": {"session_expiration_time": 0, "carry_over_slots_to_new_session": True},
        },
    )
    _write(folder / "nlu.yml", {"version": "3.1", "nlu": [{"intent": "answer", "examples": "- bicycles\n- boats\n"}]})
    _write(
        folder / "rules.yml",
        {
            "version": "3.1",
            "rules": [
                {"rule": intent, "steps": [{"intent": intent}, {"action": action}]}
                for intent, action in INTENTS.items()
            ],
        },
    )
    files = [str(folder / "nlu.yml"), str(folder / "rules.yml")]
    result = train(str(folder / "domain.yml"), str(folder / "config.yml"), files, output=str(folder / "models"))
    assert result.model
    return result.model


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(content, sort_keys=False))
