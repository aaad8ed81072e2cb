"""Answers and names within a sentence, as a careful writer of each language sets them."""

from typing import Any

import pytest
from markezy.leads.api import QualifiedAnswer
from markezy.strategies.writing.sentences import inside, is_choice, joined, listed
from markupsafe import Markup


@pytest.mark.parametrize(
    ("locale", "label", "within"),
    [
        ("en", "More online bookings", "more online bookings"),
        ("en", "A new site", "a new site"),
        ("en", "E-mail", "e-mail"),
        ("fr", "Plus de réservations", "plus de réservations"),
        ("fr", "À emporter", "à emporter"),
        ("fr", "Événements", "événements"),
        ("fr", "L’expédition", "l’expédition"),
        ("fr", "D'ici trois mois", "d'ici trois mois"),
        ("fr", "Anglais", "anglais"),
        ("fr", "Lundi midi", "lundi midi"),
        ("fr", "Annonces LinkedIn", "annonces LinkedIn"),
        ("es", "Campañas SEO", "campañas SEO"),
        ("fr", "Fiche Google", "fiche Google"),
        ("es", "Más reservas", "más reservas"),
        ("es", "Inglés", "inglés"),
        ("es", "Lunes", "lunes"),
        ("es-MX", "Cuanto antes", "cuanto antes"),
        ("xx", "More guests", "more guests"),
    ],
)
def test_a_label_begins_small(locale: str, label: str, within: str) -> None:
    assert inside(label, locale) == within


@pytest.mark.parametrize("locale", ["en", "fr", "es"])
@pytest.mark.parametrize(
    "label",
    [
        "Google Ads",
        "SEO",
        "B2B customers",
        "Google, not paid",
        "LinkedIn",
        "TheFork, Tripadvisor",
        "A/B tests",
        "Saint-Malo",
        "Paris",
        "Madrid",
        "PrestaShop",
        "New York",
        "TikTok (organic)",
        "42 seats",
        "already small",
        "“Quoted”",
        "",
        "X and Threads",
        "San Sebastián",
    ],
)
def test_names_and_abbreviations_keep_their_capital(locale: str, label: str) -> None:
    assert inside(label, locale) == label


@pytest.mark.parametrize(
    ("locale", "label"),
    [
        ("en", "English"),
        ("en", "Monday lunch"),
        ("en", "Sundays"),
        ("en", "December"),
        ("en", "I’m about to open"),
        ("en", "I don't know yet"),
        ("en", "United States and Canada"),
        ("fr", "Noël"),
        ("fr", "États-Unis"),
        ("fr", "Royaume-Uni et Irlande"),
        ("fr", "Italie du Nord"),
        ("es", "España y Portugal"),
        ("es", "Navidad"),
    ],
)
def test_each_language_has_capitals_of_its_own(locale: str, label: str) -> None:
    assert inside(label, locale) == label


def test_what_is_safe_to_show_stays_so() -> None:
    assert inside(Markup("Flyers &amp; posters"), "en") == Markup("flyers &amp; posters")
    assert isinstance(inside(Markup("Flyers"), "en"), Markup)
    assert isinstance(joined("de", Markup("essais"), "fr"), Markup)


@pytest.mark.parametrize(
    ("value", "display", "chosen"),
    [
        ("new_customers", "More new customers", True),
        (["email"], "E-mail", True),
        (True, "Yes", True),
        ("2_3", "Two or three", True),
        ("More of the good ones", "More of the good ones", False),
        ("https://lefour.fr", "lefour.fr", False),
        ("2026-06-03", "June 3, 2026", False),
        (40, "40", False),
        ({"name": "Plan.pdf"}, "Plan.pdf", False),
        (None, "Skipped", False),
    ],
)
def test_only_the_flows_own_words_are_a_choice(value: Any, display: str, chosen: bool) -> None:
    assert is_choice(QualifiedAnswer("goal", "Goal", value, display)) is chosen


@pytest.mark.parametrize(
    ("locale", "word", "text", "whole"),
    [
        ("fr", "de", "Antibes", "d’Antibes"),
        ("fr", "de", "Évreux", "d’Évreux"),
        ("fr", "de", "Lyon", "de Lyon"),
        ("fr", "de", "Honfleur", "de Honfleur"),
        ("fr", "de", "Le Havre", "du Havre"),
        ("fr", "à", "Le Havre", "au Havre"),
        ("fr", "à", "Les Ulis", "aux Ulis"),
        ("fr", "de", "Les Sables-d’Olonne", "des Sables-d’Olonne"),
        ("fr", "à", "La Rochelle", "à La Rochelle"),
        ("fr", "à", "Antibes", "à Antibes"),
        ("fr", "que", "Atelier Vert", "qu’Atelier Vert"),
        ("fr", "de", "Leipzig", "de Leipzig"),
        ("fr", "de", "", ""),
        ("es", "y", "Internet", "e Internet"),
        ("es", "y", "hijos", "e hijos"),
        ("es", "y", "hielo", "y hielo"),
        ("es", "y", "Ibiza", "e Ibiza"),
        ("es", "o", "Oviedo", "u Oviedo"),
        ("es", "o", "Lugo", "o Lugo"),
        ("es", "de", "El Escorial", "de El Escorial"),
        ("en", "in", "Antibes", "in Antibes"),
    ],
)
def test_small_words_melt_into_what_follows(locale: str, word: str, text: str, whole: str) -> None:
    assert joined(word, text, locale) == whole


@pytest.mark.parametrize(
    ("locale", "names", "whole"),
    [
        ("en", ["ads"], "ads"),
        ("en", ["ads", "e-mail", "press"], "ads, e-mail and press"),
        ("en", ["ads", "guest reviews and map"], "ads, and guest reviews and map"),
        ("en", ["search and shopping ads", "e-mail", "press"], "search and shopping ads, e-mail and press"),
        ("fr", ["annonces", "Instagram et Facebook", "presse"], "annonces, Instagram et Facebook, et presse"),
        ("es", ["prensa", "Instagram"], "prensa e Instagram"),
    ],
)
def test_names_are_listed(locale: str, names: list[str], whole: str) -> None:
    assert listed(names, locale) == whole
