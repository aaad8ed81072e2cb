import pytest
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.language import LanguageModel, fit_language, turns_down, wished
from bot.nlu.lexicon import Lexicon


@pytest.fixture(scope="module")
def model(training_data: TrainingData) -> LanguageModel:
    examples = [(one.get("text"), one.get("metadata")["intent"]["locale"]) for one in training_data.intent_examples]
    return fit_language(examples, Lexicon.of_lookup_tables(training_data.lookup_tables))


def test_a_sentence_tells_its_language(model: LanguageModel) -> None:
    for text, locale in (("we have a shop", "en"), ("nous avons une boutique", "fr"), ("tenemos una tienda", "es")):
        detected = model.detect(text)
        assert detected is not None
        assert detected[0] == locale


@pytest.mark.parametrize(
    "text", ["", "Google Ads, Instagram", "restaurant", "www.example.org", "we have", "Wir haben einen Laden in Berlin"]
)
def test_names_and_a_few_or_foreign_words_tell_nothing(model: LanguageModel, text: str) -> None:
    assert model.detect(text) is None


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("english please", "en"),
        ("I don't speak French, English please", "en"),
        ("my French is bad, can we use English", "en"),
        ("change from English to French", "fr"),
        ("why is this in French, I speak English", "en"),
        ("don't you speak English?", "en"),
        ("parlez-vous français", "fr"),
        ("vous ne parlez pas français ?", "fr"),
        ("pourquoi vous écrivez en espagnol ? français svp", "fr"),
        ("¿hablas español?", "es"),
        ("por favor en castellano", "es"),
        ("no sé francés, en español por favor", "es"),
        ("pasemos del inglés al español", "es"),
        ("je ne parle pas anglais", None),
        ("no hablo inglés", None),
        ("do you speak Italian?", None),
        ("change the language", None),
    ],
)
def test_the_wish_for_a_language_is_heard(text: str, locale: str | None) -> None:
    assert wished(text) == locale


def test_turning_a_language_down_is_not_naming_none() -> None:
    assert turns_down("je ne parle pas anglais")
    assert not turns_down("change the language")
    assert not turns_down("English, not French")
