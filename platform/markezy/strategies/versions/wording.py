"""What comparisons of versions say in words, in each language (`words/<language>.yml`)."""

from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from markezy.strategies.formats import Formats
from markezy.strategies.versions.performance import SideBySide
from markezy.strategies.versions.significance import Verdict
from markezy.strategies.wording import FALLBACK, language

_FOLDER = Path(__file__).parent / "words"


class Words(BaseModel):
    """One language. `{…}` stands for what is filled in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    opened: str
    downloaded: str
    meeting_booked: str
    won: str
    too_few: str
    no_difference: str
    better: str
    needed: str
    not_together: str


def statement(compared: SideBySide, outcome: str, locale: str) -> str:
    """What the comparison says of this outcome, in whole sentences."""
    spoken = language(locale) if language(locale) in _all() else FALLBACK
    words, formats = _all()[spoken], Formats(spoken)
    found = compared.comparisons[outcome]
    first, second = compared.first, compared.second
    first_rate, second_rate = (formats.percent(100 * (one.rates[outcome].rate or 0)) for one in (first, second))
    numbers = {"first": first.version.number, "second": second.version.number}
    what = getattr(words, outcome)
    if found.verdict is Verdict.TOO_FEW:
        said = [words.too_few.format(first_of=first.delivered, second_of=second.delivered, **numbers)]
    elif found.verdict is Verdict.NO_DIFFERENCE:
        said = [words.no_difference.format(first_rate=first_rate, second_rate=second_rate, what=what, **numbers)]
        if found.needed is not None:
            said.append(words.needed.format(needed=formats.number(found.needed)))
    else:
        sides = [(first.version.number, first_rate), (second.version.number, second_rate)]
        if found.verdict is Verdict.SECOND_BETTER:
            sides.reverse()
        (better, better_rate), (other, other_rate) = sides
        p = formats.number(max(0.01, round(found.p_value or 0, 2)))
        said = [
            words.better.format(
                better=better, better_rate=better_rate, other=other, other_rate=other_rate, what=what, p=p
            )
        ]
    if not compared.in_experiment and found.verdict is not Verdict.TOO_FEW:
        said.append(words.not_together)
    return " ".join(said)


@lru_cache(maxsize=1)
def _all() -> dict[str, Words]:
    files = _FOLDER.glob("*.yml")
    return {file.stem: Words.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files}
