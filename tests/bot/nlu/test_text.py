import pytest

from bot.nlu.text import words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("À quoi ça sert ?", ["a", "quoi", "ca", "sert", "?"]),
        ("¿POR QUÉ?", ["por", "que", "?"]),
        ("I don’t know", ["i", "dont", "know"]),
        ("l'agence d'à côté", ["l", "agence", "d", "a", "cote"]),
        ("stoooop!!!", ["stop"]),
        ("write to Anna@Example.org or see www.example.org", ["write", "to", "@email", "or", "see", "@url"]),
        ("about 2,000 €", ["about", "@number", "€"]),
        ("call +33 6 12 34 56 78", ["call", "@phone"]),
        ("👍 ok", ["👍", "ok"]),
        ("👍🏽", ["👍", "🏽"]),
    ],
)
def test_what_people_vary_is_evened_out(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_composed_and_decomposed_accents_are_the_same() -> None:
    assert words_of("cafe\u0301") == words_of("café")
