"""Options by their place: "2", "the second one", "la deuxième", "opción 2"."""

from markezy.flows.answers.passages import in_words
from markezy.flows.answers.vocabulary import known

_PLACES = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5,
    "sixth": 6, "6th": 6,
    "premier": 1, "premiere": 1, "1er": 1, "1ere": 1, "deuxieme": 2, "2e": 2, "2eme": 2, "seconde": 2, "troisieme": 3,
    "3e": 3, "3eme": 3, "quatrieme": 4, "4e": 4, "4eme": 4, "cinquieme": 5, "5e": 5, "5eme": 5, "sixieme": 6, "6e": 6,
    "6eme": 6,
    "primero": 1, "primera": 1, "primer": 1, "segundo": 2, "segunda": 2, "tercero": 3, "tercera": 3, "cuarto": 4,
    "cuarta": 4, "quinto": 5, "quinta": 5, "sexto": 6, "sexta": 6,
}  # fmt: skip
_LAST = frozenset(["last", "dernier", "derniere", "ultimo", "ultima"])
_COUNTED = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "un": 1, "une": 1, "deux": 2, "trois": 3,
    "quatre": 4, "cinq": 5, "uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6,
}  # fmt: skip
_NUMBERED = frozenset(
    ["option", "options", "number", "numero", "opcion", "opciones", "choice", "choix", "answer", "reponse"]
)


def place_in(text: str, count: int) -> int | None:
    """Which of `count` options the words point to, from 1; more than `count` or 0 if there is none of this number. None
    when they point to no place."""
    words = in_words(text)
    numbered = not _NUMBERED.isdisjoint(words)
    places: list[int] = []
    for word in words:
        if word.isdecimal() and len(word) <= 2:
            places.append(int(word))
        elif word in _PLACES:
            places.append(_PLACES[word])
        elif word in _LAST:
            places.append(count)
        elif numbered and word in _COUNTED:
            places.append(_COUNTED[word])
        elif word not in known("beside_a_place"):
            return None
    return places[0] if len(places) == 1 and not set(text) & set("€$£%+/") else None
