import pytest

from bot.nlu.bare_value import is_bare_value


@pytest.mark.parametrize(
    "text",
    [
        "anna@example.org",
        "Anna.Martin+shop@example.co.uk.",
        "https://example.org/menu?id=4",
        "www.example.org",
        "example.fr",
        "votrerestaurant.example",
        "my-shop.co.uk/about",
        "+33 6 12 34 56 78",
        "(020) 7946 0958",
        "07700 900123",
        "12",
        "2,000 €",
        "€2.000",
        "$500",
        "5k",
        "10-20",
        "10%",
        "12/05/2025",
        "between 500 and 1,000",
        "1500 per month",
        "environ 2 000 euros par mois",
        "2 personnes",
        "unos 900 euros al mes",
        "5 days a week",
        "６００",
    ],
)
def test_a_value_alone_is_recognised(text: str) -> None:
    assert is_bare_value(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "euros",
        "per month",
        "yes",
        "how much is 2 hours",
        "2 000 € ?",
        "is anna@example.org correct",
        "call me at +33 6 12 34 56 78",
        "stop 2",
        "more or less",
    ],
)
def test_anything_else_is_left_to_the_model(text: str) -> None:
    assert not is_bare_value(text)
