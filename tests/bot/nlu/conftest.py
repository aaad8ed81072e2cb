"""The classifier as the pipeline has it, trained once on the repository's own examples."""

from collections.abc import Callable
from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.intent_classifier import IntentClassifier

ROOT = Path(__file__).parents[3]

Train = Callable[[TrainingData, Path], IntentClassifier]
Load = Callable[[Path], IntentClassifier]

_CONTEXT = ExecutionContext(GraphSchema({}), model_id="test")
_RESOURCE = Resource("classifier")


@pytest.fixture(scope="session")
def training_data() -> TrainingData:
    return load_data(str(ROOT / "data" / "nlu"))


@pytest.fixture(scope="session")
def train() -> Train:
    def trained(data: TrainingData, directory: Path) -> IntentClassifier:
        config = IntentClassifier.get_default_config()
        component = IntentClassifier.create(config, LocalModelStorage(directory), _RESOURCE, _CONTEXT)
        component.train(data)
        return component

    return trained


@pytest.fixture(scope="session")
def load() -> Load:
    def loaded(directory: Path) -> IntentClassifier:
        config = IntentClassifier.get_default_config()
        return IntentClassifier.load(config, LocalModelStorage(directory), _RESOURCE, _CONTEXT)

    return loaded


@pytest.fixture(scope="session")
def model_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("model")


@pytest.fixture(scope="session")
def classifier(train: Train, training_data: TrainingData, model_directory: Path) -> IntentClassifier:
    return train(training_data, model_directory)
