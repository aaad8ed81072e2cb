"""Messages that are nothing but a value: always an answer, whatever a model makes of them."""

import re

from bot.nlu.text import EMAIL, PHONE, URL, normalise

_UNITS = frozenset(
    # currencies and their shorthand
    "eur euro euros usd dollar dollars gbp pound pounds chf k m ht ttc "
    # what is counted
    "people persons employees staff person personne personnes salarie salaries employe employes persona personas empleado empleados "
    # how long, how often
    "day days week weeks month months year years per a the jour jours semaine semaines mois an ans annee annees par le la "
    "dia dias semana semanas mes meses ano anos por al el "
    # how exactly
    "about around approx roughly between and to or less more than under over up max min "
    "environ entre et a ou moins plus de maximum minimum unos unas aproximadamente y o menos mas hasta "
    "@number @phone € $ £ %".split()
)
_WORD = re.compile(r"@?\w+|[€$£%]")
_QUESTION = "?"


def is_bare_value(text: str) -> bool:
    """Whether a message is only an e-mail address, a link, a phone number, a date, or a figure with its unit.

    "2,000 € par mois", "between 10 and 20", "anna@example.org" and "+33 6 12 34 56 78" are; "2 personnes et moi ?" is not.
    """
    candidate = text.strip().strip(".,;:!<>()\"'").casefold()
    if not candidate or _QUESTION in candidate:
        return False
    if any(pattern.fullmatch(candidate) for pattern in (EMAIL, URL, PHONE)):
        return True
    words = _WORD.findall(normalise(candidate))
    return any(word in ("@number", "@phone") for word in words) and _UNITS.issuperset(words)
