"""What a message names: places, businesses, people, companies, addresses, amounts."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.exceptions import InvalidConfigException, RasaException
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.lexicon import Lexicon
from bot.nlu.patterns import Span, find_patterns
from bot.nlu.tagger import TAGGED, Example, Tagger, fit_tagger

_MODEL_FILE = "tagger.crfsuite"
_LEXICON_FILE = "lexicon.json"
_MAY_NAME = frozenset({"answer", "change_answer", "start"})
_ONE_OTHER_IN = 4


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class EntityExtractor(GraphComponent, EntityExtractorMixin):
    """Finds entities in a sentence: addresses and amounts by their form, names by what surrounds them."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, tagger: Tagger | None):
        self._threshold = float(config["threshold"])
        self._storage = storage
        self._resource = resource
        self._tagger = tagger

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`threshold`: how probable a name has to be before it is reported."""
        return {"threshold": 0.5}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse parameters that cannot work before anything is trained."""
        threshold = config.get("threshold", 0.5)
        if not isinstance(threshold, int | float) or not 0 <= threshold <= 1:
            raise InvalidConfigException(f"{cls.__name__}: threshold must lie between 0 and 1, not {threshold}")

    @staticmethod
    def required_packages() -> list[str]:
        """The packages beyond Rasa that training needs."""
        return ["sklearn_crfsuite"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "EntityExtractor":
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
    ) -> "EntityExtractor":
        """The component as it was trained."""
        with model_storage.read_from(resource) as directory:
            tagger = Tagger(directory / _MODEL_FILE, Lexicon.load(directory / _LEXICON_FILE))
        return cls(config, model_storage, resource, tagger)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples whose names are marked (`metadata: {names: marked}`) and from the word lists."""
        lexicon = Lexicon.of_lookup_tables(training_data.lookup_tables).only(TAGGED)
        with self._storage.write_to(self._resource) as directory:
            lexicon.save(directory / _LEXICON_FILE)
            fit_tagger(_examples(training_data), lexicon, _names(training_data), directory / _MODEL_FILE)
            self._tagger = Tagger(directory / _MODEL_FILE, lexicon)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities of each message."""
        for message in messages:
            text = message.get(TEXT) or ""
            entities = [_reported(span, text) for span in self.find(text)]
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages

    def find(self, text: str) -> list[Span]:
        """The entities of a text in their order, none over another; addresses and amounts win over names."""
        if self._tagger is None:
            raise RasaException("the entity extractor has not been trained")
        certain = find_patterns(text)
        named = [
            span
            for span in self._tagger.tag(text)
            if span.confidence >= self._threshold and not any(span.overlaps(other) for other in certain)
        ]
        return sorted([*certain, *named], key=lambda span: span.start)


def _reported(span: Span, text: str) -> dict[str, Any]:
    return {
        "entity": span.entity,
        "value": text[span.start : span.end],
        "start": span.start,
        "end": span.end,
        "confidence_entity": span.confidence,
        "extractor": EntityExtractor.__name__,
    }


def _examples(training_data: TrainingData) -> list[Example]:
    """The examples whose names are marked, and some of those whose intent names nothing."""
    marked, bare = [], []
    for example in sorted(training_data.intent_examples, key=lambda one: str(one.get(TEXT))):
        text = example.get(TEXT)
        spans = tuple(Span(one["entity"], one["start"], one["end"]) for one in example.get(ENTITIES, []))
        if spans or example.get("metadata", {}).get("intent", {}).get("names") == "marked":
            marked.append(Example(text, spans))
        elif example.get(INTENT) not in _MAY_NAME:
            bare.append(Example(text))
    return marked + bare[::_ONE_OTHER_IN]


def _names(training_data: TrainingData) -> dict[str, list[str]]:
    names: dict[str, set[str]] = {}
    for table in training_data.lookup_tables:
        if table["name"] in TAGGED:
            names.setdefault(table["name"], set()).update(table["elements"])
    for example in training_data.intent_examples:
        for entity in example.get(ENTITIES, []):
            names.setdefault(entity["entity"], set()).add(example.get(TEXT)[entity["start"] : entity["end"]])
    return {entity: sorted(found) for entity, found in names.items()}
