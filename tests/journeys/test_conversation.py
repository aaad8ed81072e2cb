"""Whole conversations in words, one in each language: interruptions, several answers at once, a change of mind that leads
down another branch, and a restart of every process in the middle."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from devstack.stack import Stack
from tests.journeys.conftest import eventually
from tests.journeys.lead import Lead


@dataclass(frozen=True)
class Turn:
    """What the lead says, or taps (by the button's title); the question pending then, and words of the reply."""

    says: str
    asked: str
    hears: str = ""


@dataclass(frozen=True)
class Script:
    """One conversation. The processes are restarted between `before` and `after`."""

    slug: str
    page: str
    """The language of the website the lead comes from."""
    before: tuple[Turn, ...]
    after: tuple[Turn, ...]
    heard_at_once: dict[str, Any]
    """Answers the first sentence gave."""
    answered: dict[str, Any]
    """Some of the answers at the end."""
    done: str


ENGLISH = Script(
    "brightlane",
    "en",
    (
        Turn("We already sell online: home and garden things, on Shopify, from Manchester", "website", "Manchester"),
        Turn("and how much does this cost?", "website"),
        Turn("oakandlinen.example", "monthly_revenue"),
        Turn("about 12,000 € a month", "average_order"),
        Turn("are you a robot?", "average_order"),
        Turn("65 €", "channels"),
    ),
    (
        Turn("Google Ads and newsletter", "ad_spend"),
        Turn("I meant 75 not 65", "ad_spend", "75"),
        Turn("800", "goal"),
        Turn("I'd like to change the situation", "situation"),
        Turn("I'm about to launch", "stage"),
        Turn("Ready to sell", "launch_date"),
        Turn("1 June 2027", "goal"),
        Turn("More new customers", "audience"),
        Turn("young families who furnish their first house", "team"),
        Turn("Just me, on the side", "timeline"),
        Turn("As soon as possible", "budget"),
        Turn("2,000 €", "consent"),
        Turn("Yes", "name"),
        Turn("my name is Maya O'Neill", "company"),
        Turn("Oak & Linen", "email"),
        Turn("maya-journey@oakandlinen.example", "phone"),
        Turn("Skip this one", "recap", "Manchester"),
    ),
    {"situation": "running", "category": "home", "shop_platform": "shopify"},
    {"situation": "launching", "category": "home", "city": "Manchester", "budget": 2000, "name": "Maya O'Neill"},
    "yes",
)

FRENCH = Script(
    "atelier-nova",
    "fr",
    (
        Turn("Nous avons un restaurant, un bistrot à Nancy avec 48 couverts", "occupancy", "Nancy"),
        Turn("c'est payant votre truc ?", "occupancy"),
        Turn("Pleine le week-end", "services"),
        Turn("pourquoi vous me demandez ça ?", "services"),
        Turn("vente à emporter", "sites"),
        Turn("1", "average_bill"),
    ),
    (
        Turn("32 €", "website"),
        Turn("chezzoe.example", "rating"),
        Turn("4,6", "channels"),
        Turn("je voudrais modifier la situation", "situation"),
        Turn("Je vais ouvrir", "stage"),
        Turn("En travaux ou prêt", "opening_date"),
        Turn("le 1er juin 2027", "channels"),
        Turn("le bouche-à-oreille", "goal"),
        Turn("Plus d'habitués", "signature"),
        Turn("la tarte aux mirabelles de ma grand-mère", "team"),
        Turn("Moi-même", "timeline"),
        Turn("Dès que possible", "budget"),
        Turn("1 200 €", "consent"),
        Turn("Oui", "name"),
        Turn("je m'appelle Zoé Léger", "company"),
        Turn("Chez Zoé", "email"),
        Turn("zoe-parcours@chezzoe.example", "phone"),
        Turn("06 12 34 56 78", "recap", "Nancy"),
    ),
    {"situation": "open", "concept": "bistro", "seats": 48},
    {"situation": "opening", "concept": "bistro", "city": "Nancy", "budget": 1200, "name": "Zoé Léger"},
    "oui",
)

SPANISH = Script(
    "brightlane",
    "en",
    (
        Turn("Ya tengo la tienda en marcha, vendo moda con WooCommerce desde Valencia", "website", "Valencia"),
        Turn("¿y esto cuánto cuesta?", "website"),
        Turn("tienda-luna.example", "monthly_revenue"),
        Turn("unos 9.000 € al mes", "average_order"),
        Turn("¿qué hacen con mis datos?", "average_order"),
        Turn("48 €", "channels"),
    ),
    (
        Turn("publicaciones en redes sociales y boca a boca", "goal"),
        Turn("quiero cambiar la situación", "situation"),
        Turn("Voy a lanzarla", "stage"),
        Turn("Listo para vender", "launch_date"),
        Turn("1 de junio de 2027", "goal"),
        Turn("Más clientes nuevos", "audience"),
        Turn("mujeres jóvenes que compran ropa de segunda mano", "team"),
        Turn("Solo yo, a ratos", "timeline"),
        Turn("Cuanto antes", "budget"),
        Turn("1.500 €", "consent"),
        Turn("Sí", "name"),
        Turn("me llamo Luna Ferrer", "company"),
        Turn("Tienda Luna", "email"),
        Turn("luna-viaje@tienda-luna.example", "phone"),
        Turn("saltar", "recap", "Valencia"),
    ),
    {"situation": "running", "category": "fashion", "shop_platform": "woocommerce"},
    {"situation": "launching", "category": "fashion", "city": "Valencia", "budget": 1500, "name": "Luna Ferrer"},
    "sí",
)

SCRIPTS = {"en": ENGLISH, "fr": FRENCH, "es": SPANISH}


@pytest.fixture(scope="module")
def halfway(stack: Stack, demo: dict[str, Any], tenants: dict[str, dict[str, Any]]) -> dict[str, Lead]:
    """One lead in each language, halfway through; every process has been restarted since."""
    leads = {}
    for language, script in SCRIPTS.items():
        lead = leads[language] = Lead(demo["bot_url"], tenants[script.slug]["widget_key"], script.page)
        for turn in script.before:
            take(lead, turn)
    before = {language: lead.transcript() for language, lead in leads.items()}
    stack.restart_all()
    assert {language: lead.transcript() for language, lead in leads.items()} == before
    return leads


def take(lead: Lead, turn: Turn) -> None:
    """One turn: tap the button of that title when there is one, else say it."""
    payloads = {button["title"]: button["payload"] for button in lead.last.get("buttons", [])}
    replies = lead.tap(payloads[turn.says]) if turn.says in payloads else lead.say(turn.says)
    said = "\n".join(reply["text"] for reply in replies)
    assert lead.question == turn.asked, f"after {turn.says!r}: {said}"
    assert turn.hears in said


@pytest.mark.parametrize("language", SCRIPTS)
def test_a_conversation_in_words_from_the_first_sentence_to_the_end(
    language: str, halfway: dict[str, Lead], log_in: Callable[[str], requests.Session], demo: dict[str, Any]
) -> None:
    script, lead = SCRIPTS[language], halfway[language]
    for turn in script.after:
        take(lead, turn)
    replies = lead.say(script.done)
    assert replies[-1]["progress"]["done"] == replies[-1]["progress"]["of"]
    staff = log_in(script.slug)
    known = eventually(lambda: _qualified(staff, demo, script.answered["name"]), "the lead to be qualified")
    assert known["locale"] == language
    answers = {answer["question"]: answer["value"] for answer in known["answers"]}
    assert script.answered.items() <= answers.items()
    noted = {event["data"]["question"]: event["data"]["value"] for event in _events(staff, demo, known["id"])}
    for question, value in script.heard_at_once.items():
        assert noted[question] == value


def _qualified(staff: requests.Session, demo: dict[str, Any], name: str) -> dict[str, Any] | None:
    leads = staff.get(f"{demo['platform_url']}/api/v1/leads", params={"search": name}, timeout=30).json()["items"]
    if not leads or leads[0]["state"] != "qualified":
        return None
    lead: dict[str, Any] = staff.get(f"{demo['platform_url']}/api/v1/leads/{leads[0]['id']}", timeout=30).json()
    return lead


def _events(staff: requests.Session, demo: dict[str, Any], lead_id: str) -> list[dict[str, Any]]:
    """The first answer to each question, as the log has it."""
    url = f"{demo['platform_url']}/api/v1/leads/{lead_id}/events"
    events = staff.get(url, params={"limit": "100"}, timeout=30).json()["items"]
    first: dict[str, dict[str, Any]] = {}
    for event in events:
        if event["type"] in ("qualification.answer_recorded", "qualification.answer_noted"):
            first.setdefault(event["data"]["question"], event)
    return list(first.values())
