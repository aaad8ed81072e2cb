from collections.abc import Callable
from pathlib import Path

import pytest

from devstack.model import keep, model_hash

FILES = {
    "domain.yml": "intents: []",
    "config.yml": "recipe: default.v1",
    "data/nlu/faq.en.yml": "nlu: []",
    "bot/policy.py": "class Policy: ...",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tmp_path


@pytest.mark.parametrize(
    "change",
    [
        *(pytest.param(lambda root, name=name: (root / name).write_text("changed"), id=name) for name in FILES),
        pytest.param(
            lambda root: (root / "data/rules").mkdir() or (root / "data/rules/new.yml").touch(), id="new file"
        ),
        pytest.param(
            lambda root: (root / "data/nlu/faq.en.yml").rename(root / "data/nlu/faq.fr.yml"), id="renamed file"
        ),
    ],
)
def test_a_change_of_anything_that_training_reads_asks_for_a_new_model(
    project: Path, change: Callable[[Path], object]
) -> None:
    before = model_hash(project, "3.6.21")
    change(project)
    assert model_hash(project, "3.6.21") != before


def test_another_rasa_asks_for_a_new_model(project: Path) -> None:
    assert model_hash(project, "3.6.21") != model_hash(project, "3.6.20")


def test_what_training_does_not_read_keeps_the_model(project: Path) -> None:
    before = model_hash(project, "3.6.21")
    (project / "README.md").write_text("news")
    (project / "endpoints.yml").write_text("news")
    assert model_hash(project, "3.6.21") == before


def test_old_models_make_room_for_new_ones(tmp_path: Path) -> None:
    for number in range(7):
        draft = tmp_path / f"draft-{number}" / "model.tar.gz"
        draft.parent.mkdir()
        draft.write_text("model")
        keep(draft, tmp_path / f"{number}.tar.gz")
    assert (tmp_path / "6.tar.gz").exists()
    assert len(list(tmp_path.glob("*.tar.gz"))) == 5
