"""How well the trained classifier understands people it has never heard, per language."""

from collections import defaultdict
from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.training_data import TrainingData
from ruamel.yaml import YAML

from bot.nlu.bare_value import is_bare_value
from bot.nlu.decision import INTERRUPTIONS
from bot.nlu.intent_classifier import IntentClassifier
from bot.nlu.text import words_of

HELD_OUT = Path(__file__).parents[2] / "nlu"
LOCALES = ("en", "fr", "es")
INTENTS = {"start", "answer", "affirm", "deny", "go_back", "stop", "ask_why", "ask_price", "ask_faq", "ask_person"}


def held_out(locale: str) -> dict[str, list[str]]:
    utterances: dict[str, list[str]] = YAML(typ="safe").load(HELD_OUT / f"{locale}.yml")
    return utterances


@pytest.mark.parametrize("locale", LOCALES)
def test_unseen_messages_are_understood(classifier: IntentClassifier, locale: str) -> None:
    heard: dict[str, list[bool]] = defaultdict(list)
    mistaken: list[str] = []
    for intent, texts in held_out(locale).items():
        for text in texts:
            guess, confidence = classifier.rank(text)[0]
            heard[intent].append(guess == intent)
            if guess != intent:
                mistaken.append(f"{text!r} is {intent}, taken for {guess} ({confidence:.2f})")
    everything = [right for rights in heard.values() for right in rights]
    report = "\n".join(mistaken)
    assert sum(everything) / len(everything) >= 0.93, report
    for intent in INTERRUPTIONS:
        assert sum(heard[intent]) / len(heard[intent]) >= 0.85, report
    assert sum(heard["answer"]) / len(heard["answer"]) >= 0.95, report


@pytest.mark.parametrize("locale", LOCALES)
def test_held_out_messages_are_many_and_not_in_the_training_data(training_data: TrainingData, locale: str) -> None:
    trained = {tuple(words_of(example.get("text"))) for example in training_data.intent_examples}
    utterances = held_out(locale)
    assert set(utterances) == INTENTS
    for intent, texts in utterances.items():
        assert len(set(texts)) >= 15, intent
        # A bare value is recognised by rule; its words are placeholders that any two phone numbers share.
        assert not [text for text in texts if tuple(words_of(text)) in trained and not is_bare_value(text)]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_language_has_enough_examples_of_every_intent(locale: str) -> None:
    counted: dict[str, int] = defaultdict(int)
    for path in (Path(__file__).parents[3] / "data" / "nlu").glob(f"*.{locale}.yml"):
        for entry in YAML(typ="safe").load(path)["nlu"]:
            counted[entry["intent"]] += len(set(entry["examples"].splitlines()))
    assert set(counted) == INTENTS
    assert min(counted.values()) >= 45
    assert counted["answer"] >= 150


def test_no_example_belongs_to_two_intents(training_data: TrainingData) -> None:
    intents: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for example in training_data.intent_examples:
        intents[tuple(words_of(example.get("text")))].add(example.get("intent"))
    assert [words for words, found in intents.items() if len(found) > 1] == []


@pytest.mark.parametrize(
    "text",
    [
        "the price of our menu is 35 €",
        "our back office is in Lyon",
        "people over 50",
        "I stopped advertising last year",
        "nobody, just me",
        "I want more customers",
        "we already do Google Ads",
        "my number is 06 12 34 56 78",
        "le prix de notre menu est de 35 €",
        "j'ai arrêté la pub l'année dernière",
        "les personnes de plus de 50 ans",
        "dejé de anunciarme el año pasado",
        "el precio de nuestro menú es de 35 €",
        "bonjour, nous vendons des vélos à Tours",
        "Lyon",
        "Zylberstein",
        "Oranje Kaas BV",
    ],
)
def test_an_answer_that_sounds_like_an_interruption_stays_an_answer(classifier: IntentClassifier, text: str) -> None:
    assert classifier.rank(text)[0][0] == "answer"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("HOW MUCH DOES IT COST???", "ask_price"),
        ("how mutch does it cst", "ask_price"),
        ("stoooop", "stop"),
        ("Est-ce que je peux parler a un humain", "ask_person"),
        ("je peux parler à un humain ?", "ask_person"),
        ("¿POR QUÉ PREGUNTAS ESO?", "ask_why"),
        ("don’t contact me again", "stop"),
    ],
)
def test_case_accents_and_typos_do_not_change_the_intent(classifier: IntentClassifier, text: str, intent: str) -> None:
    assert classifier.rank(text)[0][0] == intent
