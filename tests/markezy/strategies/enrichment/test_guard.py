"""A language model may say it otherwise; it may not say anything else."""

import pytest
from markezy.strategies.enrichment.guard import offence_of

SOURCE = {
    "en": "Of the €2,500 a month, 34% goes to search ads. They reach people in [[WORDS1]] who look for a baker already, and the rest"
    " supports them.",
    "fr": "Sur les 2 500 € par mois, 34 % vont aux annonces de recherche. Elles touchent à [[WORDS1]] ceux qui cherchent déjà un"
    " boulanger ; le reste les soutient.",
    "es": "De los 2.500 € al mes, el 34 % va a los anuncios de búsqueda. Llegan en [[WORDS1]] a quienes ya buscan una panadería; el"
    " resto los apoya.",
}
FAIR = {
    "en": "Search ads take 34% of your €2,500 a month. They reach those in [[WORDS1]] who already look for a baker; everything else"
    " stands behind them.",
    "fr": "Les annonces de recherche prennent 34 % de vos 2500 € par mois. Elles trouvent, à [[WORDS1]], ceux qui cherchent déjà un"
    " boulanger. Tout le reste les appuie.",
    "es": "Los anuncios de búsqueda se llevan el 34 % de sus 2500 € al mes. Encuentran en [[WORDS1]] a quien ya busca una panadería."
    " Todo lo demás los respalda.",
}
CHANNELS = {
    "en": ("Search ads", "Social ads", "E-mail"),
    "fr": ("Annonces de recherche", "Réseaux sociaux", "E-mail"),
    "es": ("Anuncios de búsqueda", "Redes sociales", "Correo electrónico"),
}
FOUL = {
    "en": [
        ("figure", "They bring 120 visits."), ("figure", "They double what you have."), ("figure", "It is $ well spent."),
        ("promise", "Success is guaranteed."), ("promise", "Studies show that it works."), ("name", "As Google says, it works."),
        ("channel", "The social ads follow later."), ("placeholders", "So say [[WORDS1]] and others."),
        ("placeholders", "So says [[NAME7]]."), ("markup", "<b>Now</b>."), ("markup", "See www.example.com."), ("markup", "* One point"),
        ("length", "And on and on it goes. " * 12), ("length", "New\nline."),
    ],
    "fr": [
        ("figure", "Elles apportent 120 visites."), ("figure", "C’est le double."),
        ("promise", "Le succès est garanti."),
        ("promise", "Selon une étude, cela marche."), ("name", "Comme le dit Google, cela marche."),
        ("channel", "Les réseaux sociaux suivent."), ("placeholders", "Voilà [[WORDS1]]."), ("markup", "Voir https://x.example."),
    ],
    "es": [
        ("figure", "Traen 120 visitas."), ("figure", "Es el doble."), ("promise", "El éxito está garantizado."),
        ("promise", "Según los estudios funciona."), ("name", "Como dice Google, funciona."), ("channel", "Las redes sociales siguen."),
        ("placeholders", "Así es [[WORDS1]]."), ("markup", "Vea https://x.example."),
    ],
}  # fmt: skip


@pytest.mark.parametrize("locale", SOURCE)
def test_other_words_for_the_same_are_fair(locale: str) -> None:
    assert offence_of(SOURCE[locale], SOURCE[locale], locale, CHANNELS[locale]) is None
    assert offence_of(SOURCE[locale], FAIR[locale], locale, CHANNELS[locale]) is None


@pytest.mark.parametrize(
    ("locale", "offence", "addition"), [(locale, *case) for locale, cases in FOUL.items() for case in cases]
)
def test_one_addition_is_found(locale: str, offence: str, addition: str) -> None:
    assert offence_of(SOURCE[locale], f"{FAIR[locale]} {addition}", locale, CHANNELS[locale]) == offence


@pytest.mark.parametrize("locale", SOURCE)
def test_a_changed_figure_is_found(locale: str) -> None:
    assert offence_of(SOURCE[locale], FAIR[locale].replace("34", "43"), locale, CHANNELS[locale]) == "figure"


@pytest.mark.parametrize(("locale", "other"), [("en", "fr"), ("fr", "es"), ("es", "en")])
def test_another_language_is_found(locale: str, other: str) -> None:
    assert offence_of(SOURCE[locale], FAIR[other], locale, ()) == "language"


def test_nothing_is_no_text() -> None:
    assert offence_of(SOURCE["en"], "  ", "en", ()) == "empty"


def test_a_dropped_placeholder_is_found() -> None:
    assert offence_of(SOURCE["en"], FAIR["en"].replace("[[WORDS1]]", "town"), "en", ()) == "placeholders"
