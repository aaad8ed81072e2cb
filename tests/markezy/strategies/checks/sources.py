"""Where the documents without defects come from: written by hand, and composed for a golden lead in each language the base has."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from markezy.strategies.layers.golden import golden_leads
from markezy.strategies.layers.layer import LANGUAGES, PLAN, LayerName
from markezy.strategies.layers.merging import merge
from markezy.strategies.layers.shipped import shipped_layers, shipped_text
from markezy.strategies.numbers.checking import read_assumptions
from markezy.strategies.numbers.planning import make_plan
from markezy.strategies.writing.assembling import words_of
from markezy.strategies.writing.case import Case
from markezy.strategies.writing.composing import compose

from tests.markezy.strategies.checks.documents import AGENCY, TODAY, Written, clean

_SECTORS = {"en": "trades", "fr": "tourism", "es": "legal"}


@dataclass(frozen=True)
class Source:
    name: str
    load: Callable[[], Written]


@cache
def composed(sector: str, language: str, name: str = "medium") -> Written:
    lead = golden_leads(sector, language)[name]
    case = Case(lead, AGENCY, sector, language, TODAY)
    plan = make_plan(read_assumptions(merge(shipped_layers(sector, PLAN)).data), lead, TODAY)
    words = words_of(shipped_layers(sector, language))
    return Written(f"{sector} {language} {name}", compose(words, plan, case), plan, case, words)


SOURCES = [
    *(Source(f"by hand in {language}", lambda language=language: clean(language)) for language in LANGUAGES),
    *(
        Source(f"composed in {language}", lambda language=language: composed(_SECTORS[language], language))
        for language in LANGUAGES
        if shipped_text(LayerName.BASE, "", language)
    ),
]
