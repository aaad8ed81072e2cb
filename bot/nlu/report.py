"""`make nlu-report`: how well each language is understood; ends with 1 below the bars."""

import json
import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rasa.shared.nlu.training_data.loading import load_data

from bot.nlu.decision import INTERRUPTIONS
from bot.nlu.scores import Score, Scores, classification, extraction
from bot.nlu.trial import (
    LOCALES,
    LanguageScore,
    Understanding,
    Utterance,
    cross_validated,
    entity_scores,
    held_out,
    held_out_entities,
    intent_scores,
    language_score,
)

ACCURACY_BAR = 0.93
RECALL_BAR = 0.85

_ROOT = Path(__file__).resolve().parents[2]
_MOST_CONFUSIONS = 8


def shortfalls(locale: str, scores: Scores) -> list[str]:
    """What is below the bars in one language."""
    short = []
    if scores.accuracy < ACCURACY_BAR:
        short.append(f"{locale}: accuracy {scores.accuracy:.3f} is below {ACCURACY_BAR}")
    for intent in sorted(INTERRUPTIONS & scores.labels.keys()):
        if scores.labels[intent].recall < RECALL_BAR:
            short.append(f"{locale}: recall of {intent} {scores.labels[intent].recall:.2f} is below {RECALL_BAR}")
    return short


def main() -> int:
    data = load_data(str(_ROOT / "data" / "nlu"))
    lines: list[str] = []
    figures: dict[str, Any] = {}
    short: list[str] = []

    with TemporaryDirectory() as directory:
        understanding = Understanding(data, Path(directory))
        for locale in LOCALES:
            utterances = held_out(_ROOT / "tests" / "nlu", locale)
            intents = intent_scores(understanding, utterances)
            entities = entity_scores(understanding, held_out_entities(_ROOT / "tests" / "nlu", locale))
            language = language_score(understanding, utterances)
            lines += _section(f"{locale}: hand-written utterances (tests/nlu)", intents, entities, language)
            figures[f"{locale}.held_out"] = _figures(intents, entities)
            short += shortfalls(locale, intents)
        middle, slow = _milliseconds(understanding, held_out(_ROOT / "tests" / "nlu", "en"))
        figures["milliseconds"] = {"median": middle, "95 %": slow}
        lines.append(f"one message through all three components: {middle:.2f} ms, 95 % within {slow:.2f} ms")

    for locale, (intents, entities) in _cross_validation(data).items():
        lines += _section(f"{locale}: cross-validation over data/nlu", intents, entities)
        figures[f"{locale}.cross_validation"] = _figures(intents, entities)

    lines += ["", *(short or [f"Above the bars: accuracy {ACCURACY_BAR}, interrupting intents' recall {RECALL_BAR}."])]
    text = "\n".join(lines) + "\n"
    folder = Path(os.environ.get("MARKEZY_HOME") or _ROOT / ".markezy") / "nlu-report"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.txt").write_text(text, encoding="utf-8")
    (folder / "report.json").write_text(json.dumps(figures, indent=1, ensure_ascii=False), encoding="utf-8")
    sys.stdout.write(f"{text}\nWritten to {folder}.\n")
    return 1 if short else 0


def _cross_validation(data: Any) -> dict[str, tuple[Scores, Mapping[str, Score]]]:
    pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    spans: dict[str, list[tuple[set[tuple[str, int, int]], set[tuple[str, int, int]]]]] = defaultdict(list)
    for understanding, utterances in cross_validated(data):
        for each in utterances:
            pairs[each.locale].append((each.intent, understanding.intent(each.text)))
            if each.entities:
                spans[each.locale].append((set(each.entities), understanding.entities(each.text)))
    return {locale: (classification(pairs[locale]), extraction(spans[locale])) for locale in LOCALES}


def _milliseconds(understanding: Understanding, utterances: Iterable[Utterance]) -> tuple[float, float]:
    taken = []
    for each in utterances:
        started = time.perf_counter()
        intent = understanding.intent(each.text)
        understanding.extractor.find(each.text)
        understanding.detector.find(each.text, intent)
        taken.append(1000 * (time.perf_counter() - started))
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


def _section(
    title: str, intents: Scores, entities: Mapping[str, Score], language: LanguageScore | None = None
) -> list[str]:
    lines = ["", f"━━━ {title} ━━━", f"intent accuracy {intents.accuracy:.3f}", _HEAD]
    lines += [_row(name, score) for name, score in intents.labels.items()]
    lines += ["", "entities (exact place)", _HEAD, *(_row(name, score) for name, score in entities.items())]
    if language is not None:
        lines += ["", f"language: {language.right} right, {language.wrong} wrong, {language.open} left open"]
    if intents.confusions:
        lines += ["", "taken for something else:"]
        lines += [f"  {count:3}  {right} → {guess}" for right, guess, count in intents.confusions[:_MOST_CONFUSIONS]]
    return lines


_HEAD = f"  {'':18} {'precision':>9} {'recall':>7} {'F1':>6} {'support':>8}"


def _row(name: str, score: Score) -> str:
    return f"  {name:18} {score.precision:9.2f} {score.recall:7.2f} {score.f1:6.2f} {score.support:8}"


def _figures(intents: Scores, entities: Mapping[str, Score]) -> dict[str, Any]:
    return {
        "accuracy": intents.accuracy,
        "intents": {name: asdict(score) for name, score in intents.labels.items()},
        "entities": {name: asdict(score) for name, score in entities.items()},
    }


if __name__ == "__main__":
    sys.exit(main())
