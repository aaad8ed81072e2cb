"""`rasa data validate` and `rasa test core` on these stories, with the model that the demo and the journeys use.

Run by the bot's interpreter from the root of the project. The model is trained first if the cache hasn't got it.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rasa import __main__ as rasa_command
from rasa.core import test

from devstack import model

ROOT = Path(__file__).resolve().parents[2]
_CACHE = Path(os.environ.get("MARKEZY_MODEL_CACHE") or ROOT / ".markezy" / "models").resolve()
_RESULTS = ROOT / ".markezy" / "rasa-test"


def trained_model() -> Path:
    """The model of the project as it stands."""
    trained = _CACHE / f"{model.model_hash(ROOT, model.rasa_version(Path(sys.prefix)))}.tar.gz"
    if not trained.exists():
        draft = model.draft_path(_CACHE)
        draft.parent.mkdir(parents=True, exist_ok=True)
        try:
            subprocess.run(model.training_command(ROOT, Path(sys.executable), draft), cwd=ROOT, check=True)
            model.keep(draft, trained)
        finally:
            shutil.rmtree(draft.parent, ignore_errors=True)
    return trained


def compare_entities_with_a_place() -> None:
    """A story marks entities where they stand. The language of a sentence stands nowhere in it, so no story can mark it."""
    clean: Callable[[str, list[dict[str, Any]]], list[Any]] = test._clean_entity_results

    def with_a_place(text: str, entities: list[dict[str, Any]]) -> list[Any]:
        return clean(text, [entity for entity in entities if "start" in entity])

    test._clean_entity_results = with_a_place


def rasa(*arguments: str | Path) -> None:
    """One command of Rasa's, in this process; it ends the process when it fails."""
    sys.argv = ["rasa", *map(str, arguments)]
    rasa_command.main()


def main() -> None:
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    project = ("--domain", ROOT / "domain.yml", "--config", ROOT / "config.yml")
    path = trained_model()
    rasa("data", "validate", "--fail-on-warnings", *project, "--data", ROOT / "data")
    compare_entities_with_a_place()
    stories = ("--stories", Path(__file__).parent, "--out", _RESULTS)
    rasa("test", "core", "--e2e", "--fail-on-prediction-errors", "--model", path, *stories)


if __name__ == "__main__":
    main()
