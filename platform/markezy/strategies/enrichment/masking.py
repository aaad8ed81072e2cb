"""What a lead typed or is called never goes to a language model: it leaves as a placeholder and is put back afterwards.

Masked is everything of the contact, and every answer in the lead's own words (what is no option of a question, no number and no
amount). Addresses and numbers to call that stand anywhere else are masked as well.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from markezy.leads.api import QualifiedAnswer, QualifiedLead

_ELSEWHERE = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)\S*[\w/]|\+?\d[\d ().-]{7,}\d")
_PLACEHOLDER = re.compile(r"\[\[[A-Z]+\d*\]\]")
_OPTION = re.compile(r"[a-z0-9_]+")
_SHORTEST = 2
_TELLTALE = 10
"""So many characters of a lead's words in a row, left over after masking, are a piece of them."""


@dataclass(frozen=True)
class Secret:
    """Something that must not leave. `label` says to the model what kind of thing stands there."""

    label: str
    text: str


def secrets_of(lead: QualifiedLead) -> tuple[Secret, ...]:
    """Everything of the lead that is masked, the longest first, so that a name within a longer text does not break it."""
    contact = lead.contact
    found = [
        Secret("COMPANY", contact.company or ""),
        Secret("EMAIL", contact.email or ""),
        Secret("PHONE", contact.phone or ""),
        Secret("NAME", contact.name or ""),
        *(Secret("NAME", part) for part in (contact.name or "").split()),
        *(Secret("WORDS", answer.display) for answer in lead.answers if _typed(answer)),
    ]
    tidy = {_tidied(one.text): one.label for one in reversed(found)}
    kept = [Secret(label, text) for text, label in tidy.items() if len(text) >= _SHORTEST]
    return tuple(sorted(kept, key=lambda one: (-len(one.text), one.text)))


class Mask:
    """Placeholders for one lead's secrets, the same in every text that is masked with it."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._secrets = tuple(secrets)
        self._placeholders: dict[str, str] = {}

    def cover(self, text: str) -> str | None:
        """`text` with placeholders; None when a piece of a secret would still show, or the text has placeholders of its own."""
        if _PLACEHOLDER.search(text):
            return None
        for secret in self._secrets:
            pattern = re.compile(rf"(?<!\w){re.escape(secret.text)}(?!\w)", re.IGNORECASE)
            text = pattern.sub(self._placing(secret.label), text)
        text = _ELSEWHERE.sub(self._placing("CONTACT"), text)
        return None if self._shows(text) else text

    def uncover(self, text: str) -> str:
        """`text` with what the placeholders stand for; those that are not ours stay."""
        originals = {placeholder: original for original, placeholder in self._placeholders.items()}
        return _PLACEHOLDER.sub(lambda match: originals.get(match[0], match[0]), text)

    def _placing(self, label: str) -> Callable[[re.Match[str]], str]:
        def place(match: re.Match[str]) -> str:
            return self._placeholders.setdefault(match[0], f"[[{label}{len(self._placeholders) + 1}]]")

        return place

    def _shows(self, masked: str) -> bool:
        rest = _PLACEHOLDER.sub("\0", masked).casefold()
        return any(
            secret.text[start : start + _TELLTALE].casefold() in rest
            for secret in self._secrets
            for start in range(len(secret.text) - _TELLTALE + 1)
        )


def placeholders_in(text: str) -> list[str]:
    """All placeholders of a text, sorted, as often as they stand there."""
    return sorted(_PLACEHOLDER.findall(text))


def without_placeholders(text: str) -> str:
    """The text with the placeholders left out."""
    return _PLACEHOLDER.sub(" ", text)


def _typed(answer: QualifiedAnswer) -> bool:
    value = answer.value
    return isinstance(value, str) and (value == answer.display or not _OPTION.fullmatch(value))


def _tidied(text: str) -> str:
    return " ".join(text.split())
