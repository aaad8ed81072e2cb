"""The classifier as a Rasa graph component: what it writes, keeps and refuses."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.intent_classifier import IntentClassifier, NoTrainingData

Train = Callable[[TrainingData, Path], IntentClassifier]

SENTENCES = ("how much is it?", "our prices start at 50 euros", "quiero hablar con alguien", "oui", "", "🤷", "2 000 €")


@pytest.fixture(scope="session")
def few_examples(training_data: TrainingData) -> list[Message]:
    return training_data.intent_examples[::10]


def test_a_message_gets_intent_confidence_and_ranking(classifier: IntentClassifier) -> None:
    message = Message.build("how much does it cost?")
    classifier.process([message])
    ranking = message.get("intent_ranking")
    assert message.get("intent") == ranking[0]
    assert ranking[0]["name"] == "ask_price"
    assert 0.6 <= ranking[0]["confidence"] <= 1
    assert len(ranking) == IntentClassifier.get_default_config()["ranking_length"]
    assert {"intent", "intent_ranking"} <= set(message.as_dict(only_output_properties=True))


@pytest.mark.parametrize("text", ["", "   ", "...", "anna@example.org", "+33 6 12 34 56 78", "2,000 €"])
def test_what_can_only_be_an_answer_is_certain(classifier: IntentClassifier, text: str) -> None:
    assert classifier.rank(text)[0] == ("answer", 1.0)


def test_a_long_yes_is_an_answer(classifier: IntentClassifier) -> None:
    assert classifier.rank("yes")[0][0] == "affirm"
    assert classifier.rank("yes we do, yes, since we opened in Lyon and Nice, yes")[0][0] == "answer"


def test_a_stored_model_gives_the_same_ranking(
    classifier: IntentClassifier, load: Callable[[Path], IntentClassifier], model_directory: Path
) -> None:
    restored = load(model_directory)
    for sentence in SENTENCES:
        assert restored.rank(sentence) == classifier.rank(sentence)


def test_the_same_examples_give_the_same_bytes_in_any_order(
    train: Train, few_examples: list[Message], tmp_path: Path
) -> None:
    shuffled = list(few_examples)
    Random(7).shuffle(shuffled)
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    train(TrainingData(few_examples), tmp_path / "one")
    train(TrainingData(shuffled), tmp_path / "two")
    first, second = (
        {path.name: path.read_bytes() for path in (tmp_path / name).rglob("*") if path.is_file()}
        for name in ("one", "two")
    )
    assert set(first) == {"vocabulary.json", "weights.npz"}
    assert first == second


def test_training_without_answers_is_refused(train: Train, few_examples: list[Message], tmp_path: Path) -> None:
    unanswered = [example for example in few_examples if example.get("intent") != "answer"]
    with pytest.raises(NoTrainingData):
        train(TrainingData(unanswered), tmp_path)


@pytest.mark.parametrize(
    "config",
    [
        {"threshold": 1.5},
        {"threshold": "high"},
        {"thresholds": {"stop": -0.1}},
        {"thresholds": {"answer": 0.5}},
        {"thresholds": {"ask_weather": 0.5}},
        {"yes_or_no_max_words": 0},
        {"regularisation": 0},
        {"ranking_length": -1},
    ],
)
def test_parameters_that_cannot_work_are_refused_before_training(config: dict[str, object]) -> None:
    with pytest.raises(InvalidConfigException):
        IntentClassifier.validate_config(config)


def test_the_default_parameters_are_valid() -> None:
    IntentClassifier.validate_config({})


def test_a_message_costs_little(classifier: IntentClassifier) -> None:
    sentence = "we are a small bakery in Lyon and we would like to have more customers during the week"
    durations = []
    for _ in range(200):
        started = time.perf_counter()
        classifier.rank(sentence)
        durations.append(time.perf_counter() - started)
    assert statistics.median(durations) < 0.0015


def test_a_very_long_message_does_not_hold_up_the_conversation(classifier: IntentClassifier) -> None:
    started = time.perf_counter()
    for text in ("a" * 100_000, "1" * 100_000, "a." * 50_000, "é@" * 50_000):
        classifier.rank(text)
    assert time.perf_counter() - started < 1
