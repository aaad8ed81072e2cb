"""How well the trained components understand people they have never heard, per language."""

import statistics
import time
from collections import defaultdict
from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.training_data import TrainingData
from ruamel.yaml import YAML

from bot.nlu.bare_value import is_bare_value
from bot.nlu.decision import INTERRUPTIONS, YES_OR_NO
from bot.nlu.intent_classifier import IntentClassifier
from bot.nlu.report import shortfalls
from bot.nlu.text import words_of
from bot.nlu.trial import (
    LOCALES,
    Understanding,
    entity_scores,
    held_out,
    held_out_entities,
    intent_scores,
    language_score,
)

HELD_OUT = Path(__file__).parents[2] / "nlu"
DATA = Path(__file__).parents[3] / "data" / "nlu"
INTENTS = INTERRUPTIONS | YES_OR_NO | {"answer"}
NOT_A_LANGUAGE = {"words.yml", "meanings.yml"}


@pytest.fixture(scope="session")
def understanding(training_data: TrainingData, tmp_path_factory: pytest.TempPathFactory) -> Understanding:
    return Understanding(training_data, tmp_path_factory.mktemp("understanding"))


@pytest.mark.parametrize("locale", LOCALES)
def test_unseen_messages_are_understood(understanding: Understanding, locale: str) -> None:
    utterances = held_out(HELD_OUT, locale)
    scores = intent_scores(understanding, utterances)
    assert shortfalls(locale, scores) == [], scores.confusions
    assert scores.labels["answer"].recall >= 0.95


@pytest.mark.parametrize("locale", LOCALES)
def test_what_unseen_sentences_name_is_found(understanding: Understanding, locale: str) -> None:
    scores = entity_scores(understanding, held_out_entities(HELD_OUT, locale))
    assert {"city", "business", "person_name", "company", "amount", "email", "phone", "url"} == set(scores)
    for entity, least in {"city": 0.9, "person_name": 0.9, "business": 0.75, "email": 1, "phone": 1, "url": 1}.items():
        assert scores[entity].f1 >= least, entity


@pytest.mark.parametrize("locale", LOCALES)
def test_the_language_is_told_only_when_it_is_sure(understanding: Understanding, locale: str) -> None:
    score = language_score(understanding, held_out(HELD_OUT, locale))
    assert score.wrong == 0
    assert score.right > 3 * score.open


def test_a_message_costs_little_in_all_components(understanding: Understanding) -> None:
    durations = []
    for each in held_out(HELD_OUT, "en"):
        started = time.process_time()
        intent = understanding.intent(each.text)
        understanding.extractor.find(each.text)
        understanding.detector.find(each.text, intent)
        durations.append(time.process_time() - started)
    assert statistics.median(durations) < 0.003


@pytest.mark.parametrize("locale", LOCALES)
def test_held_out_messages_are_many_and_not_in_the_training_data(training_data: TrainingData, locale: str) -> None:
    trained = {tuple(words_of(example.get("text"))) for example in training_data.intent_examples}
    texts: dict[str, set[str]] = defaultdict(set)
    for each in held_out(HELD_OUT, locale):
        texts[each.intent].add(each.text)
        # A bare value is recognised by rule; its words are placeholders that any two phone numbers share.
        assert is_bare_value(each.text) or tuple(words_of(each.text)) not in trained, each.text
    assert set(texts) == INTENTS
    assert min(len(found) for found in texts.values()) >= 15
    for each in held_out_entities(HELD_OUT, locale):
        assert tuple(words_of(each.text)) not in trained, each.text


@pytest.mark.parametrize("locale", LOCALES)
def test_every_language_has_enough_examples_of_every_intent(locale: str) -> None:
    counted: dict[str, int] = defaultdict(int)
    for path in DATA.glob(f"*.{locale}.yml"):
        for entry in YAML(typ="safe").load(path)["nlu"]:
            counted[entry["intent"]] += len(set(entry["examples"].splitlines()))
    assert set(counted) == INTENTS
    assert min(counted.values()) >= 120


def test_every_example_says_the_language_of_its_file() -> None:
    for path in sorted(DATA.glob("*.yml")):
        if path.name in NOT_A_LANGUAGE:
            continue
        for entry in YAML(typ="safe").load(path)["nlu"]:
            assert entry["metadata"]["locale"] == path.suffixes[0].removeprefix("."), path.name


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
