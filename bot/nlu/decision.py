"""Which intent a message gets, given the model's probabilities.

The visitor is nearly always answering the question on screen, and an answer taken for something else is lost. So
anything but an answer has to be clear: an interruption by its probability, a yes or a no also by its length.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

ANSWER = "answer"
YES_OR_NO = frozenset({"affirm", "deny"})
INTERRUPTIONS = frozenset(
    {
        *("start", "stop", "resume_later", "go_back", "change_answer", "switch_language", "ask_person"),
        *("ask_why", "ask_price", "ask_privacy", "ask_bot", "ask_faq", "small_talk", "insult", "out_of_scope"),
    }
)


@dataclass(frozen=True)
class Gates:
    """What an intent other than `answer` has to pass. `thresholds` overrides `threshold` for single intents."""

    threshold: float
    yes_or_no_max_words: int
    thresholds: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in {"threshold": self.threshold, **self.thresholds}.items():
            if not 0 <= value <= 1:
                raise ValueError(f"{name} must lie between 0 and 1, not {value}")
        unknown = set(self.thresholds) - INTERRUPTIONS - YES_OR_NO
        if unknown:
            raise ValueError(f"thresholds names intents that are not gated: {', '.join(sorted(unknown))}")
        if self.yes_or_no_max_words < 1:
            raise ValueError("yes_or_no_max_words must be at least 1")

    def passes(self, intent: str, probability: float) -> bool:
        """Whether an intent with this probability is clear enough."""
        return probability >= self.thresholds.get(intent, self.threshold)


def decide(probabilities: Mapping[str, float], word_count: int, gates: Gates) -> list[tuple[str, float]]:
    """The intents with their confidence, the chosen one first.

    The interruptions are weighed together: "is it free to talk to someone?" may be split between two of them and is
    surely no answer. A message that passes no gate is an answer, as probable as it is not an interruption.
    """
    settled = dict(probabilities)
    settled.setdefault(ANSWER, 0.0)
    interruptions = [intent for intent in settled if intent in INTERRUPTIONS]
    interruption = sum(settled[intent] for intent in interruptions)
    clearest = max(interruptions, key=lambda intent: settled[intent], default=None)
    if clearest is not None and gates.passes(clearest, interruption):
        settled[clearest] = interruption
        settled.update({intent: 0.0 for intent in interruptions if intent != clearest})
        return _ranked(settled, clearest)
    for intent in YES_OR_NO & settled.keys():
        if word_count > gates.yes_or_no_max_words or not gates.passes(intent, settled[intent]):
            settled[ANSWER] += settled[intent]
            settled[intent] = 0.0
    uninterrupted = {intent: settled[intent] for intent in settled if intent not in INTERRUPTIONS}
    return _ranked(settled, max(uninterrupted, key=lambda intent: uninterrupted[intent]))


def certain_answer(intents: Iterable[str]) -> list[tuple[str, float]]:
    """The ranking of a message that can only be an answer."""
    others = sorted(intent for intent in intents if intent != ANSWER)
    return [(ANSWER, 1.0), *((intent, 0.0) for intent in others)]


def _ranked(settled: Mapping[str, float], chosen: str) -> list[tuple[str, float]]:
    others = sorted((item for item in settled.items() if item[0] != chosen), key=lambda item: (-item[1], item[0]))
    return [(chosen, settled[chosen]), *others]
