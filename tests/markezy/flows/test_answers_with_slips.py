"""Addresses and choices as strangers write them: fillers, politeness, slips of the finger, three languages."""

from typing import Any

import pytest
from markezy.flows.answers import Given, Rejected, read_answer
from markezy.flows.definition import Question, parse_definition

from tests.markezy.flows.conftest import SEEDS, TODAY, question

FLOWS = {name[0]: parse_definition((SEEDS / f"{name}.yml").read_text()) for name in ("ecommerce", "restaurant")}


def value_of(asked: Question, raw: Any, locale: str) -> Any:
    """The value, or the reason code of the rejection with a bang."""
    understood = read_answer(asked, Given(raw), locale, TODAY)
    return f"!{understood.reason}" if isinstance(understood, Rejected) else understood.value


def read(type_: str, raw: Any, locale: str, **more: Any) -> Any:
    return value_of(Question.model_validate(question(type_, "end", **more)), raw, locale)


EMAILS: list[tuple[str, str, Any]] = [
    ("it's maya@shop.example thanks", "en", "maya@shop.example"),
    ("maya @ shop.example", "en", "maya@shop.example"),
    ("maya@shop.example, merci", "fr", "maya@shop.example"),
    ("mailto:maya@shop.example", "en", "maya@shop.example"),
    ("<maya@shop.example>", "en", "maya@shop.example"),
    ("maya at shop dot example", "en", "maya@shop.example"),
    ("maya(at)shop.example", "en", "maya@shop.example"),
    ("maya arobase shop.example", "fr", "maya@shop.example"),
    ("maya arroba shop.example", "es", "maya@shop.example"),
    ("maya@shop,example", "en", "maya@shop.example"),
    ("MAYA@SHOP.EXAMPLE", "en", "MAYA@shop.example"),
    ("mon mail : maya@shop.example", "fr", "maya@shop.example"),
    ("mi correo es maya@shop.example.", "es", "maya@shop.example"),
    ("maya@shop.example maya@shop.example", "en", "maya@shop.example"),
    ("maya@shop .example", "en", "maya@shop.example"),
    ("maya@shop.example!", "en", "maya@shop.example"),
    ("«maya@shop.example»", "fr", "maya@shop.example"),
    ("e-mail: maya.l+x@shop.example", "en", "maya.l+x@shop.example"),
    ("maya@shop.example/", "en", "maya@shop.example"),
    ("Maya Lindqvist maya@shop.example", "en", "maya@shop.example"),
    ("“maya@shop.example”", "en", "maya@shop.example"),
    ("email:maya@shop.example", "en", "maya@shop.example"),
    ("maya@shop.example;", "en", "maya@shop.example"),
    ("[maya@shop.example]", "en", "maya@shop.example"),
    ("*maya@shop.example*", "en", "maya@shop.example"),
    ("maya@shop.example?", "en", "maya@shop.example"),
]
LINKS: list[tuple[str, str, Any]] = [
    ("shop.example", "en", "https://shop.example"),
    ("www.shop.fr merci", "fr", "https://www.shop.fr"),
    ("it's shop.com", "en", "https://shop.com"),
    ("https//shop.com", "en", "https://shop.com"),
    ("HTTPS://SHOP.COM", "en", "https://shop.com"),
    ("shop.com/fr/", "en", "https://shop.com/fr"),
    ("(shop.com)", "en", "https://shop.com"),
    ("instagram.com/shop", "en", "https://instagram.com/shop"),
    ("mi web es tienda.es.", "es", "https://tienda.es"),
    ("notre site : boutique-lin.fr", "fr", "https://boutique-lin.fr"),
    ("shop.com, but it's old", "en", "https://shop.com"),
    ("http://www.shop.com/", "en", "http://www.shop.com"),
    ("https://shop.com/?utm=1", "en", "https://shop.com/?utm=1"),
    ("e.g. shop.com", "en", "https://shop.com"),
    ("c'est en cours. boutique.fr bientôt", "fr", "https://boutique.fr"),
    ("https:/shop.com", "en", "https://shop.com"),
    ("www.shop.com and shop.fr", "en", "https://www.shop.com"),
    ("facebook.com/pages/shop", "en", "https://facebook.com/pages/shop"),
    ("shop.co.uk", "en", "https://shop.co.uk"),
    ("htttps://shop.com", "en", "https://shop.com"),
    ("M. Dupont", "fr", "!not_a_url"),
]
CHOICES: list[tuple[str, str, str, str, Any]] = [
    ("e", "situation", "it's already live", "en", "running"),
    ("e", "situation", "already running thanks", "en", "running"),
    ("e", "situation", "we launch soon", "en", "launching"),
    ("e", "situation", "about to launch!", "en", "launching"),
    ("e", "situation", "elle est en ligne depuis 2 ans", "fr", "running"),
    ("e", "situation", "je me lance", "fr", "launching"),
    ("e", "situation", "ya está en marcha", "es", "running"),
    ("e", "category", "shoes mostly", "en", "fashion"),
    ("e", "category", "we sell jewelry", "en", "fashion"),
    ("e", "category", "cosmetics and skincare", "en", "beauty"),
    ("e", "category", "du vin", "fr", "food"),
    ("e", "category", "des meubles svp", "fr", "home"),
    ("e", "category", "ropa de mujer", "es", "fashion"),
    ("e", "category", "electronics pls", "en", "tech"),
    ("e", "category", "something else", "en", "other"),
    ("e", "category", "autre", "fr", "other"),
    ("e", "category", "otra", "es", "other"),
    ("e", "shop_platform", "shoppify", "en", "shopify"),
    ("e", "shop_platform", "on wordpress", "en", "woocommerce"),
    ("e", "shop_platform", "WOO COMMERCE", "en", "woocommerce"),
    ("e", "shop_platform", "presta shop", "fr", "prestashop"),
    ("e", "shop_platform", "amazon only", "en", "marketplace"),
    ("e", "shop_platform", "wix", "en", "other"),
    ("e", "shop_platform", "en shopify creo", "es", "shopify"),
    ("e", "shop_platform", "je crois que c'est prestashop", "fr", "prestashop"),
    ("e", "stage", "only an idea for now", "en", "idea"),
    ("e", "stage", "juste une idée pour l'instant", "fr", "idea"),
    ("e", "stage", "solo una idea", "es", "idea"),
    ("e", "stage", "almost ready", "en", "ready"),
    ("e", "stage", "todo listo", "es", "ready"),
    ("e", "goal", "more customers", "en", "new_customers"),
    ("e", "goal", "more sales please", "en", "new_customers"),
    ("e", "goal", "the first one", "en", "new_customers"),
    ("e", "goal", "la première", "fr", "new_customers"),
    ("e", "goal", "2)", "en", "repeat_customers"),
    ("e", "goal", "n°2", "fr", "repeat_customers"),
    ("e", "goal", "la 2", "es", "repeat_customers"),
    ("e", "goal", "number two please", "en", "repeat_customers"),
    ("e", "biggest_cost", "ads for sure", "en", "advertising"),
    ("e", "biggest_cost", "la livraison", "fr", "shipping"),
    ("e", "biggest_cost", "los envíos", "es", "shipping"),
    ("e", "biggest_cost", "livrason", "fr", "shipping"),
    ("e", "team", "only me", "en", "alone"),
    ("e", "team", "moi tout seul", "fr", "alone"),
    ("e", "team", "yo solo", "es", "alone"),
    ("e", "team", "an agancy", "en", "agency"),
    ("e", "timeline", "asap!!", "en", "now"),
    ("e", "timeline", "dans 3 mois", "fr", "quarter"),
    ("e", "timeline", "in 3 months", "en", "quarter"),
    ("e", "timeline", "en 3 meses", "es", "quarter"),
    ("e", "timeline", "cuanto antes mejor", "es", "now"),
    ("e", "timeline", "no idea yet", "en", "unsure"),
    ("e", "timeline", "je sais pas", "fr", "unsure"),
    ("e", "timeline", "no lo sé todavía", "es", "unsure"),
    ("e", "timeline", "tout de suite", "fr", "now"),
    ("e", "channels", "insta and google ads", "en", ["google_ads", "social"]),
    ("e", "channels", "instagram, tik tok", "en", ["social"]),
    ("e", "channels", "just instagram", "en", ["social"]),
    ("e", "channels", "instagram y boca a boca", "es", ["social", "word_of_mouth"]),
    ("e", "channels", "bouche à oreille", "fr", ["word_of_mouth"]),
    ("e", "channels", "none so far", "en", ["nothing_yet"]),
    ("e", "channels", "rien pour le moment", "fr", ["nothing_yet"]),
    ("e", "channels", "nada de momento", "es", ["nothing_yet"]),
    ("e", "channels", "newsletter + seo", "en", ["seo", "email"]),
    ("e", "channels", "1, 3 & 4", "en", ["seo", "social_ads", "social"]),
    ("e", "channels", "1 2 et 4", "fr", ["seo", "google_ads", "social"]),
    ("e", "channels", "instagram / facebook / newsletter", "en", ["social", "email"]),
    ("e", "channels", "mostly word of mouth, and a bit of instagram", "en", ["social", "word_of_mouth"]),
    ("e", "channels", "emailing et instagram surtout", "fr", ["social", "email"]),
    ("e", "channels", "google ads pero no instagram", "es", ["google_ads"]),
    (
        "e",
        "channels",
        "everything",
        "en",
        ["seo", "google_ads", "social_ads", "social", "email", "influencers", "word_of_mouth"],
    ),
    ("e", "channels", "infulencers", "en", ["influencers"]),
    ("r", "concept", "pizzería", "es", "casual"),
    ("r", "concept", "a pizza place", "en", "casual"),
    ("r", "concept", "un bistrot", "fr", "bistro"),
    ("r", "concept", "wine bar", "en", "bar"),
    ("r", "concept", "resto gastro", "fr", "fine_dining"),
    ("r", "occupancy", "usually empty", "en", "low"),
    ("r", "occupancy", "siempre llena", "es", "high"),
    ("r", "occupancy", "always full", "en", "high"),
    ("r", "occupancy", "plein le week-end", "fr", "uneven"),
    ("r", "services", "take away and delivery", "en", ["takeaway", "delivery"]),
    ("r", "services", "à emporter", "fr", ["takeaway"]),
    ("r", "services", "para llevar y reparto", "es", ["takeaway", "delivery"]),
    ("r", "services", "nope", "en", ["table_only"]),
    ("r", "services", "no", "en", ["table_only"]),
    ("r", "quiet_times", "lundi et mardi soir", "fr", ["weekday_evening"]),
    ("r", "quiet_times", "monday and tuesday", "en", ["weekday_evening"]),
    ("r", "quiet_times", "lunch and weekends", "en", ["weekday_lunch", "weekend"]),
    ("r", "quiet_times", "l'été", "fr", ["low_season"]),
    ("r", "quiet_times", "el mediodía", "es", ["weekday_lunch"]),
    ("r", "booking", "by phone mostly", "en", "phone"),
    ("r", "booking", "por teléfono", "es", "phone"),
    ("r", "booking", "thefork", "en", "platform"),
    ("r", "team", "nobody really", "en", "nobody"),
    ("r", "team", "c'est moi", "fr", "owner"),
    ("r", "goal", "more reviews", "en", "reputation"),
    ("r", "goal", "plus d'avis", "fr", "reputation"),
    ("r", "goal", "más reservas", "es", "direct_bookings"),
    ("r", "stage", "lease signed", "en", "lease"),
    ("r", "stage", "bail signé", "fr", "lease"),
]


@pytest.mark.parametrize(("raw", "locale", "value"), EMAILS)
def test_email_addresses(raw: str, locale: str, value: Any) -> None:
    assert read("email", raw, locale) == value


@pytest.mark.parametrize("raw", ["I'm at shop.example", "maya@shop, thanks", "call me at home. ok"])
def test_no_address_is_made_up(raw: str) -> None:
    assert str(read("email", raw, "en")).startswith("!")


@pytest.mark.parametrize(("raw", "locale", "value"), LINKS)
def test_web_addresses(raw: str, locale: str, value: Any) -> None:
    assert read("url", raw, locale) == value


@pytest.mark.parametrize(("flow", "id_", "raw", "locale", "value"), CHOICES)
def test_choices_of_the_demo_flows(flow: str, id_: str, raw: str, locale: str, value: Any) -> None:
    assert value_of(FLOWS[flow].questions[id_], raw, locale) == value


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("c'est...shop.fr", "https://shop.fr"),
        ("notre site:shop.fr", "https://shop.fr"),
        ("(shop.fr)", "https://shop.fr"),
        ("a." * 6000, "!too_long"),
        ("a." * 2000, "!not_a_url"),
    ],
)
def test_an_address_is_found_behind_any_sign_and_not_in_a_run_of_letters(raw: str, found: str) -> None:
    assert read("url", raw, "fr") == found
