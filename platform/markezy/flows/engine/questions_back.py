"""Finding the answer to what a lead asks in return."""

import re
from collections.abc import Iterator, Mapping

from rapidfuzz import fuzz

from markezy.flows.answers import Given
from markezy.flows.answers.cleaning import plain
from markezy.flows.answers.vocabulary import known
from markezy.flows.definition import Faq
from markezy.flows.wording import words

_CLOSE_ENOUGH = 86
_SHORTEST_TYPO = 5
_LONGEST = 1000
"""Characters; whoever writes more is telling something."""
_SENTENCE = re.compile(r"[^.!?…\n]+\??")
_SURE = 0.7
"""From here on, what the NLU recognised is something the lead told, not asked."""


def find_faq(faqs: Mapping[str, Faq], text: str) -> Faq | None:
    """The entry whose keywords the text names most of, the longest ones first in doubt; None when it names none."""
    asked = plain(text)
    best = max(faqs.values(), key=lambda faq: _weight(faq, asked), default=None)
    return best if best is not None and _weight(best, asked) > 0 else None


def asked_in_passing(faqs: Mapping[str, Faq], given: Given) -> Faq | None:
    """The entry these words surely ask for, whatever the NLU took them for: by one of their sentences that is a question,
    or because they are nothing but a keyword."""
    if not isinstance(given.raw, str) or len(given.raw) > _LONGEST:
        return None
    asked = " ".join(sentence for sentence, is_question in _sentences(given.raw) if is_question)
    if asked:
        return find_faq(faqs, asked)
    bare = plain(given.raw)
    return next((faq for faq in faqs.values() if bare in map(plain, faq.keywords)), None)


def asked_instead(faqs: Mapping[str, Faq], given: Given) -> Faq | None:
    """The entry asked for in words that are nothing but a question. Any others may be the answer to a text question,
    whatever they mention: "our price is the problem" is one."""
    if not isinstance(given.raw, str) or len(given.raw) > _LONGEST:
        return None
    if any(heard.confidence >= _SURE for heard in given.heard):
        return None
    sentences = list(_sentences(given.raw))
    if not sentences or not all(is_question for _, is_question in sentences):
        return None
    return find_faq(faqs, given.raw)


def _sentences(text: str) -> Iterator[tuple[str, bool]]:
    """Each sentence that is more than a greeting, and whether it is a question: by its mark, or by how it begins."""
    for match in _SENTENCE.finditer(text):
        said = plain(match[0]).split()
        while said and said[0] in known("greetings"):
            said = said[1:]
        if said:
            yield match[0], match[0].endswith("?") or _begins_as_question(" ".join(said))


def _begins_as_question(said: str) -> bool:
    return any(f"{said} ".startswith(f"{start} ") for start in words("asks"))


def _weight(faq: Faq, asked: str) -> int:
    return sum(len(keyword) for keyword in map(plain, faq.keywords) if _names(asked, keyword))


def _names(asked: str, keyword: str) -> bool:
    if f" {keyword} " in f" {asked} ":
        return True
    if len(keyword) < _SHORTEST_TYPO:
        return False
    width = keyword.count(" ") + 1
    said = asked.split()
    return any(
        fuzz.ratio(" ".join(said[at : at + width]), keyword) >= _CLOSE_ENOUGH for at in range(len(said) - width + 1)
    )
