"""What does this message want from the qualification? One model knows all languages."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.exceptions import InvalidConfigException, RasaException
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.bare_value import is_bare_value
from bot.nlu.decision import ANSWER, Gates, certain_answer, decide
from bot.nlu.lexicon import Lexicon
from bot.nlu.linear_model import LinearModel, fit
from bot.nlu.text import words_of

_BLANKED = 2
"""Copies of each example with a word made unknown: people will say it in words nobody has trained."""


class NoTrainingData(RasaException):
    """There is nothing to learn the intents from."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent, RasaIntentClassifier):
    """Sorts a message into one intent, in favour of `answer` when in doubt."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: LinearModel | None):
        self._config = config
        self._gates = _gates(config)
        self._storage = storage
        self._resource = resource
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The parameters a pipeline may set.

        `threshold`: how probable an interruption has to be before it wins over `answer`; `thresholds`: the same for
        single intents; `yes_or_no_max_words`: the longest message that can be a plain yes or no; `regularisation`:
        scikit-learn's C; `ranking_length`: how many intents are reported, 0 for all.
        """
        return {
            "threshold": 0.6,
            "thresholds": {},
            "yes_or_no_max_words": 8,
            "regularisation": 1.0,
            "ranking_length": 5,
        }

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse parameters that cannot work before anything is trained."""
        complete = {**cls.get_default_config(), **config}
        try:
            _gates(complete)
            if float(complete["regularisation"]) <= 0:
                raise ValueError("regularisation must be greater than 0")
            if int(complete["ranking_length"]) < 0:
                raise ValueError("ranking_length must not be negative")
        except (TypeError, ValueError) as error:
            raise InvalidConfigException(f"{cls.__name__}: {error}") from error

    @staticmethod
    def required_packages() -> list[str]:
        """The packages beyond Rasa that training needs."""
        return ["sklearn", "scipy"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "IntentClassifier":
        """An untrained component."""
        return cls(config, model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "IntentClassifier":
        """The component as it was trained."""
        with model_storage.read_from(resource) as directory:
            return cls(config, model_storage, resource, LinearModel.load(directory))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples and word lists of all languages and keep the result in the model archive."""
        examples = [(example.get(TEXT), example.get(INTENT)) for example in training_data.intent_examples]
        if ANSWER not in {intent for _, intent in examples} or len({intent for _, intent in examples}) < 2:
            raise NoTrainingData(f"the training data must hold examples of '{ANSWER}' and of at least one other intent")
        lexicon = Lexicon.of_lookup_tables(training_data.lookup_tables)
        self._model = fit(examples, float(self._config["regularisation"]), lexicon, _BLANKED)
        with self._storage.write_to(self._resource) as directory:
            self._model.save(directory)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, confidence and ranking of each message."""
        for message in messages:
            ranking = [
                {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: confidence}
                for intent, confidence in self.rank(message.get(TEXT) or "")
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[: self._config["ranking_length"] or None], add_to_output=True)
        return messages

    def rank(self, text: str) -> list[tuple[str, float]]:
        """All intents with their confidence, the chosen one first."""
        if self._model is None:
            raise RasaException("the intent classifier has not been trained")
        words = words_of(text)
        if not words or is_bare_value(text):
            return certain_answer(self._model.labels)
        return decide(self._model.probabilities(words), len(words), self._gates)


def _gates(config: dict[str, Any]) -> Gates:
    return Gates(config["threshold"], config["yes_or_no_max_words"], config["thresholds"])
