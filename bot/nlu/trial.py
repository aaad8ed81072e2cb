"""The trial of the understanding: the components as the pipeline has them, trained and asked without a Rasa server."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.entities_parser import find_entities_in_training_example, replace_entities
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from ruamel.yaml import YAML

from bot.nlu.entity_extractor import EntityExtractor
from bot.nlu.intent_classifier import IntentClassifier
from bot.nlu.language_detector import SWITCH, LanguageDetector
from bot.nlu.scores import Score, Scores, classification, extraction
from bot.nlu.text import words_of

LOCALES = ("en", "fr", "es")
FOLDS = 5

_CONTEXT = ExecutionContext(GraphSchema({}), model_id="trial")
_POLITE = frozenset(
    words_of("please pls plz svp stp s il vous te plait por favor porfa the a an le la les un une el los ? !")
)
_LONG_ENOUGH = 4


@dataclass(frozen=True)
class Utterance:
    """What somebody says, what it means, and what is named in it."""

    text: str
    intent: str
    locale: str
    entities: frozenset[tuple[str, int, int]] = frozenset()


@dataclass(frozen=True)
class LanguageScore:
    """How many messages' languages were recognised, wrongly recognised, and left open."""

    right: int
    wrong: int
    open: int


class Understanding:
    """The trained components."""

    def __init__(self, data: TrainingData, directory: Path) -> None:
        storage = LocalModelStorage(directory)
        config = {each: each.get_default_config() for each in (IntentClassifier, EntityExtractor, LanguageDetector)}
        self.classifier = IntentClassifier.create(config[IntentClassifier], storage, Resource("classifier"), _CONTEXT)
        self.extractor = EntityExtractor.create(config[EntityExtractor], storage, Resource("extractor"), _CONTEXT)
        self.detector = LanguageDetector.create(config[LanguageDetector], storage, Resource("detector"), _CONTEXT)
        for component in (self.classifier, self.extractor, self.detector):
            component.train(data)

    def intent(self, text: str) -> str:
        return self.classifier.rank(text)[0][0]

    def entities(self, text: str) -> set[tuple[str, int, int]]:
        return {(span.entity, span.start, span.end) for span in self.extractor.find(text)}

    def language(self, text: str) -> str | None:
        found = self.detector.find(text, self.intent(text))
        return found[0] if found else None


def intent_scores(understanding: Understanding, utterances: Iterable[Utterance]) -> Scores:
    return classification((each.intent, understanding.intent(each.text)) for each in utterances)


def entity_scores(understanding: Understanding, utterances: Iterable[Utterance]) -> dict[str, Score]:
    return dict(extraction((set(each.entities), understanding.entities(each.text)) for each in utterances))


def language_score(understanding: Understanding, utterances: Iterable[Utterance]) -> LanguageScore:
    """Of all but wishes for a language, which may be in another one."""
    found = [(understanding.language(each.text), each.locale) for each in utterances if each.intent != SWITCH]
    silent = sum(guess is None for guess, _ in found)
    right = sum(guess == locale for guess, locale in found)
    return LanguageScore(right, len(found) - silent - right, silent)


def held_out(folder: Path, locale: str) -> list[Utterance]:
    """The hand-written utterances of one language, by intent."""
    texts: dict[str, list[str]] = YAML(typ="safe").load(folder / f"{locale}.yml")
    return [Utterance(text, intent, locale) for intent, found in texts.items() for text in found]


def held_out_entities(folder: Path, locale: str) -> list[Utterance]:
    """The hand-written sentences of one language whose entities are marked."""
    marked: list[str] = YAML(typ="safe").load(folder / "entities" / f"{locale}.yml")
    return [
        Utterance(replace_entities(one), "answer", locale, _spans(find_entities_in_training_example(one)))
        for one in marked
    ]


def cross_validated(data: TrainingData) -> Iterator[tuple[Understanding, list[Utterance]]]:
    """Understandings trained on all folds but one, each with the examples of that fold; sentences alike stay together."""
    folds = _folds(data.intent_examples)
    for number, fold in enumerate(folds):
        others = [example for other, each in enumerate(folds) if other != number for example in each]
        with TemporaryDirectory() as directory:
            yield (
                Understanding(TrainingData(others, lookup_tables=data.lookup_tables), Path(directory)),
                [_utterance(example) for example in fold],
            )


def is_marked(example: Message) -> bool:
    """Whether what is named in an example is marked."""
    return example.get("metadata", {}).get("intent", {}).get("names") == "marked"


def _utterance(example: Message) -> Utterance:
    locale = example.get("metadata", {}).get("intent", {}).get("locale", "")
    return Utterance(example.get(TEXT), example.get(INTENT), locale, _spans(example.get(ENTITIES, [])))


def _spans(entities: Iterable[dict[str, object]]) -> frozenset[tuple[str, int, int]]:
    return frozenset((str(one["entity"]), int(str(one["start"])), int(str(one["end"]))) for one in entities)


def _folds(examples: Sequence[Message]) -> list[list[Message]]:
    folds: list[list[Message]] = [[] for _ in range(FOLDS)]
    for group in sorted(_alike(examples), key=len, reverse=True):
        min(folds, key=len).extend(group)
    return folds


def _alike(examples: Sequence[Message]) -> list[list[Message]]:
    """The examples in groups: together are those that differ by politeness and articles, or longer ones by one word."""
    leader = list(range(len(examples)))

    def find(at: int) -> int:
        while leader[at] != at:
            leader[at] = leader[leader[at]]
            at = leader[at]
        return at

    seen: dict[frozenset[str], int] = {}
    for at, example in enumerate(examples):
        words = frozenset(words_of(example.get(TEXT))) - _POLITE
        keys = [words, *(words - {word} for word in words if len(words) >= _LONG_ENOUGH)]
        for key in keys:
            leader[find(at)] = find(seen.setdefault(key, at))
    groups: dict[int, list[Message]] = defaultdict(list)
    for at, example in enumerate(examples):
        groups[find(at)].append(example)
    return list(groups.values())
