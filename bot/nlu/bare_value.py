"""Messages that are nothing but a value: always an answer, whatever a model makes of them."""

import re

from bot.nlu.text import EMAIL, PHONE, URL, normalise

_CURRENCIES = "eur euro euros usd dollar dollars gbp pound pounds chf k m ht ttc € $ £ %"
_PEOPLE = (
    "people persons employees staff person personne personnes salarie salaries employe employes "
    "persona personas empleado empleados"
)
_TIMES = (
    "day days week weeks month months year years per a the jour jours semaine semaines mois an ans annee annees par le la "
    "dia dias semana semanas mes meses ano anos por al el"
)
_BOUNDS = (
    "about around approx roughly between and to or less more than under over up max min environ entre et ou moins plus de "
    "maximum minimum unos unas aproximadamente y o menos mas hasta"
)
_ALLOWED = frozenset(f"{_CURRENCIES} {_PEOPLE} {_TIMES} {_BOUNDS} @number @phone".split())
_WORD = re.compile(r"@?\w+|[€$£%]")
_ADDRESS = re.compile(r"[^\W_][\w-]*(?:\.[\w-]+)*\.[^\W\d_]{2,24}(?:[/?#]\S*)?")
"""A web address as people write it, without its scheme and under any top-level domain."""
_QUESTION = "?"
_LONGEST_VALUE = 200


def is_bare_value(text: str) -> bool:
    """Whether a message is only an e-mail address, a link, a phone number, a date, or a figure with its unit.

    "2,000 € par mois", "between 10 and 20", "anna@example.org" and "+33 6 12 34 56 78" are; "2 personnes et moi" is not.
    """
    candidate = text.strip().strip(".,;:!<>()\"'").casefold()
    if not candidate or len(candidate) > _LONGEST_VALUE:
        return False
    if any(pattern.fullmatch(candidate) for pattern in (EMAIL, URL, PHONE, _ADDRESS)):
        return True
    if _QUESTION in candidate:
        return False
    words = _WORD.findall(normalise(candidate))
    return any(word in ("@number", "@phone") for word in words) and _ALLOWED.issuperset(words)
