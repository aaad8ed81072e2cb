"""The entity `language`: which language a message is in, or asks to go on in. Stands behind the classifier."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.exceptions import InvalidConfigException, RasaException
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.language import LanguageModel, fit_language, names_another_language, turns_down, wished
from bot.nlu.lexicon import Lexicon
from bot.nlu.linear_model import LinearModel

ENTITY = "language"
SWITCH = "switch_language"


class NoLocales(RasaException):
    """The examples do not say which languages they are in."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class LanguageDetector(GraphComponent, EntityExtractorMixin):
    """Adds the entity `language` when it is sure; it has no place in the text."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: LanguageModel | None):
        self._threshold = float(config["threshold"])
        self._storage = storage
        self._resource = resource
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`threshold`: how probable a language has to be before it is reported."""
        return {"threshold": 0.95}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse parameters that cannot work before anything is trained."""
        threshold = config.get("threshold", 0.95)
        if not isinstance(threshold, int | float) or not 0 <= threshold <= 1:
            raise InvalidConfigException(f"{cls.__name__}: threshold must lie between 0 and 1, not {threshold}")

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
    ) -> "LanguageDetector":
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
    ) -> "LanguageDetector":
        """The component as it was trained."""
        with model_storage.read_from(resource) as directory:
            return cls(config, model_storage, resource, LanguageModel(LinearModel.load(directory)))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples whose intent block says their language (`metadata: {locale: fr}`)."""
        examples = [(one.get(TEXT), _locale(one)) for one in training_data.intent_examples]
        known = [(text, locale) for text, locale in examples if locale]
        if len({locale for _, locale in known}) < 2:
            raise NoLocales("the training data must say its languages: `metadata: {locale: …}` beside each intent")
        self._model = fit_language(known, Lexicon.of_lookup_tables(training_data.lookup_tables))
        with self._storage.write_to(self._resource) as directory:
            self._model.model.save(directory)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the language of each message, if it is sure."""
        for message in messages:
            text = message.get(TEXT) or ""
            found = self.find(text, (message.get(INTENT) or {}).get(INTENT_NAME_KEY))
            if found is not None:
                language = {
                    "entity": ENTITY,
                    "value": found[0],
                    "confidence_entity": found[1],
                    "extractor": LanguageDetector.__name__,
                }
                message.set(ENTITIES, [*message.get(ENTITIES, []), language], add_to_output=True)
        return messages

    def find(self, text: str, intent: str | None = None) -> tuple[str, float] | None:
        """The language and its probability. Who asks for a language may do so in another one: then the wish counts, and a
        wish that names none of ours is no wish for the language it is written in."""
        if self._model is None:
            raise RasaException("the language detector has not been trained")
        if intent == SWITCH:
            return self._asked_for(text)
        detected = self._model.detect(text)
        return detected if detected is not None and detected[1] >= self._threshold else None

    def _asked_for(self, text: str) -> tuple[str, float] | None:
        locale = wished(text)
        if locale is not None:
            return locale, 1.0
        if names_another_language(text) or self._model is None:
            return None
        return self._model.detect(text) if turns_down(text) else None


def _locale(example: Message) -> str | None:
    locale: str | None = example.get("metadata", {}).get("intent", {}).get("locale")
    return locale
