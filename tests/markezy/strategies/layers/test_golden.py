"""Sample leads answer as a flow would have shown it, in each language."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from markezy.strategies.layers import golden
from markezy.strategies.layers.findings import NotALayer
from markezy.strategies.layers.golden import golden_leads, golden_reasons

_LABEL = {"en": "L", "fr": "L", "es": "L"}
FILE: dict[str, Any] = {
    "questions": {
        "goal": {"label": {"en": "Goal", "fr": "Objectif", "es": "Objetivo"}, "type": "choice",
                 "options": {"new": {"en": "New", "fr": "Nouveaux", "es": "Nuevos"},
                             "old": {"en": "Old", "fr": "Anciens", "es": "Antiguos"}}},
        "budget": {"label": {**_LABEL}, "type": "money"}, "seats": {"label": {**_LABEL}, "type": "number"},
        "opens": {"label": {**_LABEL}, "type": "date"}, "own": {"label": {**_LABEL}, "type": "yes_no"}, "signature": {"label": {**_LABEL}},
    },
    "leads": {
        "small": {"contact": {"name": "Ada"}, "points": {"goal": -3, "budget": 65}, "answers": {
            "signature": {"en": "Soup", "fr": "Soupe", "es": "Sopa"}, "goal": ["new", "old"], "budget": 1600, "seats": 1200,
            "opens": "2026-06-01", "own": True,
        }},
        "medium": {}, "large": {},
    },
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "golden").mkdir()
    monkeypatch.setattr(golden, "FOLDER", tmp_path)
    golden.golden_file.cache_clear()
    return tmp_path / "golden"


def _write(folder: Path, data: Any) -> None:
    (folder / "bakery.yml").write_text(yaml.safe_dump(data, sort_keys=False))


def test_answers_are_shown_in_the_language_in_the_order_of_the_questions(folder: Path) -> None:
    _write(folder, FILE)
    small = golden_leads("bakery", "fr")["small"]
    assert [(one.question, one.display.replace("\u00a0", " ")) for one in small.answers] == [
        ("goal", "Nouveaux, Anciens"), ("budget", "1 600 €"), ("seats", "1 200"), ("opens", "1 juin 2026"), ("own", "Oui"),
        ("signature", "Soupe"),
    ]  # fmt: skip
    assert (small.answers[0].label, small.answers[0].value, small.contact.name, small.score) == (
        "Objectif",
        ["new", "old"],
        "Ada",
        62,
    )


def test_points_are_reasons_the_most_telling_first(folder: Path) -> None:
    _write(folder, FILE)
    found = golden_reasons("bakery", "fr")["small"]
    assert [(one.questions, one.points) for one in found] == [(("budget",), 65), (("goal",), -3)]
    assert found[1].labels == ("Objectif",)


def test_points_for_an_answer_that_was_not_given_are_found(folder: Path) -> None:
    _write(folder, {**FILE, "leads": {**FILE["leads"], "large": {"points": {"seats": 5}}}})
    with pytest.raises(NotALayer, match="points for seats are for no answer"):
        golden_leads("bakery", "fr")


def test_a_lead_keeps_its_ids(folder: Path) -> None:
    _write(folder, FILE)
    assert golden_leads("bakery", "fr")["small"].lead_id == golden_leads("bakery", "en")["small"].lead_id


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"goal": "x"}, "is no option: x"), ({"budget": "a lot"}, "is no number"), ({"own": "yes"}, "neither true nor false"),
        ({"city": "x"}, "answers no question"), ({"signature": {"en": "x"}}, "not written in all languages"), ({"opens": "soon"}, "format"),
    ],
)  # fmt: skip
def test_an_answer_nobody_could_give_is_found(folder: Path, answers: dict[str, Any], message: str) -> None:
    _write(folder, {**FILE, "leads": {**FILE["leads"], "large": {"answers": answers}}})
    with pytest.raises(NotALayer, match=message):
        golden_leads("bakery", "en")


def test_three_sizes_are_needed(folder: Path) -> None:
    _write(folder, {**FILE, "leads": {"small": {}, "medium": {}}})
    with pytest.raises(NotALayer, match="no lead large"):
        golden_leads("bakery", "en")


def test_a_sector_without_samples_says_so(folder: Path) -> None:
    with pytest.raises(NotALayer, match=r"golden/bakery\.yml"):
        golden_leads("bakery", "en")
