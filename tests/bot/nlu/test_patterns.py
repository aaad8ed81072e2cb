import pytest

from bot.nlu.patterns import find_patterns


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("write to Anna@Example.org.", [("email", "Anna@Example.org")]),
        ("see www.example.org/menu, please", [("url", "www.example.org/menu")]),
        ("call +33 6 12 34 56 78 after six", [("phone", "+33 6 12 34 56 78")]),
        ("mon numéro est le 06 12 34 56 78", [("phone", "06 12 34 56 78")]),
        ("about 2,000 € a month", [("amount", "2,000 €")]),
        ("$1500 or 2k", [("amount", "$1500"), ("amount", "2k")]),
        ("environ 1 000 euros", [("amount", "1 000 euros")]),
        ("unos 900 al mes", [("amount", "900")]),
        ("two thousand euros", [("amount", "two thousand euros")]),
        ("cinco mil pesos", [("amount", "cinco mil pesos")]),
        ("on 12/05/2025", []),
        ("we have 12 employees", []),
        ("2k followers", []),
        ("10 000 000 €", [("amount", "10 000 000 €")]),
        ("", []),
    ],
)
def test_addresses_and_amounts_are_found_where_they_stand(text: str, found: list[tuple[str, str]]) -> None:
    assert [(span.entity, text[span.start : span.end]) for span in find_patterns(text)] == found
