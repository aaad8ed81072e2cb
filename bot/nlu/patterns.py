"""Addresses and amounts of money in a sentence: found by their form, in every language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.nlu.text import EMAIL, LONGEST_READ, PHONE, URL

_CURRENCY = (
    r"(?:[€$£]|\b(?:eur|euros?|usd|dollars?|d[oó]lar(?:es)?|gbp|pounds?|quid|livres?|chf|francs?|pesos?|soles|reais|"
    r"bucks|balles|pavos)\b)"
)
_FIGURE = r"\d+(?:[ .,'’\u00a0\u202f]\d{3})*(?:[.,]\d{1,2})?"
_THOUSANDS = r"(?:k\b|\b(?:mil|mille|thousand|grand|millones|millions?)\b)"
_IN_WORDS = (
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|a|hundred|thousand|couple|few|of|and|"
    r"deux|trois|quatre|cinq|sept|huit|neuf|dix|cent|cents|mille|quelques|centaines|de|"
    r"dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|cien|cientos|doscientos|trescientos|quinientos|ochocientos|mil|unos)"
)
_PERIOD = (
    r"(?:\s?/\s?(?:month|mois|mes|year|an|año|week|day)|\s(?:(?:a|per|each|every|par|al|por|cada)\s(?:month|mois|mes|year|an|"
    r"año|week|semaine|semana|day|jour|día)|monthly|mensuels?|mensuales|mensual)\b)"
)
_AMOUNTS = re.compile(
    rf"{_CURRENCY}\s?{_FIGURE}(?:\s?{_THOUSANDS})?"
    rf"|{_FIGURE}(?:\s?{_THOUSANDS})?\s?(?:d[e']\s?)?{_CURRENCY}"
    rf"|{_FIGURE}\s?{_THOUSANDS}(?!\s?(?:followers|abonn|seguidor|people|personnes|personas|client|visit))"
    rf"|{_FIGURE}(?={_PERIOD})"
    rf"|{_IN_WORDS}(?:\s{_IN_WORDS[2:]})*\s{_CURRENCY}",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")


@dataclass(frozen=True)
class Span:
    """A part of a text that is an entity, and how sure that is."""

    entity: str
    start: int
    end: int
    confidence: float = 1.0

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


def find_patterns(text: str) -> list[Span]:
    """The e-mail addresses, web addresses, phone numbers and amounts in a text, in their order, none over another."""
    spans: list[Span] = []
    for span in _all(text[:LONGEST_READ]):
        if not any(span.overlaps(earlier) for earlier in spans):
            spans.append(span)
    return sorted(spans, key=lambda span: span.start)


def _all(text: str) -> Iterator[Span]:
    lowered = text.lower()
    # A few capital letters grow when lowered; then places would no longer be those of the text.
    lowered = lowered if len(lowered) == len(text) else text
    for name, pattern in (("email", EMAIL), ("url", URL)):
        for match in pattern.finditer(lowered):
            yield Span(name, match.start(), match.start() + len(match.group().rstrip(".,;:!?)»\"'")))
    amounts = [Span("amount", match.start(), match.end()) for match in _AMOUNTS.finditer(text)]
    for match in PHONE.finditer(lowered):
        span = Span("phone", match.start(), match.end())
        if not _DATE.fullmatch(match.group()) and not any(span.overlaps(amount) for amount in amounts):
            yield span
    yield from amounts
