"""Finding the answer to what a lead asks in return."""

from collections.abc import Mapping

from rapidfuzz import fuzz

from markezy.flows.answers.cleaning import plain
from markezy.flows.definition import Faq

_CLOSE_ENOUGH = 86
_SHORTEST_TYPO = 5


def find_faq(faqs: Mapping[str, Faq], text: str) -> Faq | None:
    """The entry whose keywords the text names most of, the longest ones first in doubt; None when it names none."""
    asked = plain(text)
    best = max(faqs.values(), key=lambda faq: _weight(faq, asked), default=None)
    return best if best is not None and _weight(best, asked) > 0 else None


def _weight(faq: Faq, asked: str) -> int:
    return sum(len(keyword) for keyword in map(plain, faq.keywords) if _names(asked, keyword))


def _names(asked: str, keyword: str) -> bool:
    if f" {keyword} " in f" {asked} ":
        return True
    if len(keyword) < _SHORTEST_TYPO:
        return False
    width = keyword.count(" ") + 1
    words = asked.split()
    return any(
        fuzz.ratio(" ".join(words[at : at + width]), keyword) >= _CLOSE_ENOUGH for at in range(len(words) - width + 1)
    )
