"""The extractor as a Rasa graph component."""

from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.entity_extractor import EntityExtractor

_CONTEXT = ExecutionContext(GraphSchema({}), model_id="test")
_RESOURCE = Resource("extractor")


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("extractor")


@pytest.fixture(scope="module")
def extractor(training_data: TrainingData, directory: Path) -> EntityExtractor:
    config = EntityExtractor.get_default_config()
    component = EntityExtractor.create(config, LocalModelStorage(directory), _RESOURCE, _CONTEXT)
    component.train(training_data)
    return component


def test_entities_have_rasas_shape_and_their_place(extractor: EntityExtractor) -> None:
    message = Message.build("we run a bakery in Norwich, anna@example.org")
    extractor.process([message])
    text, found = message.get("text"), message.get("entities")
    assert [(one["entity"], one["value"]) for one in found] == [
        ("business", "bakery"),
        ("city", "Norwich"),
        ("email", "anna@example.org"),
    ]
    assert all(text[one["start"] : one["end"]] == one["value"] for one in found)
    assert all(0.5 <= one["confidence_entity"] <= 1 for one in found)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("my name is Xanthe and I own a bar", ("person_name", "Xanthe")),
        ("nous sommes basés à Trifouillis", ("city", "Trifouillis")),
        ("estamos en Villatoro del Campo", ("city", "Villatoro")),
        ("our company is called Zephyr Works", ("company", "Zephyr Works")),
    ],
)
def test_names_that_are_in_no_list_are_known_by_what_surrounds_them(
    extractor: EntityExtractor, text: str, name: tuple[str, str]
) -> None:
    found = [(span.entity, text[span.start : span.end]) for span in extractor.find(text)]
    assert any(entity == name[0] and value.startswith(name[1]) for entity, value in found), found


@pytest.mark.parametrize("text", ["", "🤷", "I don't know yet", "Instagram and Google Ads", "how much does it cost?"])
def test_what_names_nothing_has_no_entities(extractor: EntityExtractor, text: str) -> None:
    assert extractor.find(text) == []


def test_a_stored_extractor_finds_the_same(extractor: EntityExtractor, directory: Path) -> None:
    config = EntityExtractor.get_default_config()
    restored = EntityExtractor.load(config, LocalModelStorage(directory), _RESOURCE, _CONTEXT)
    text = "je suis Nadia, j'ai un salon de thé à Dinan, 800 € par mois"
    assert restored.find(text) == extractor.find(text)


@pytest.mark.parametrize("threshold", [-0.1, 1.1, "high"])
def test_a_threshold_that_cannot_work_is_refused(threshold: object) -> None:
    with pytest.raises(InvalidConfigException):
        EntityExtractor.validate_config({"threshold": threshold})
