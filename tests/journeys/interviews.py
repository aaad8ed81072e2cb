"""What the leads of the journeys answer, in the words of their language: question id → what they do."""

import json
import uuid
from dataclasses import dataclass

from tests.journeys.lead import Lead


@dataclass(frozen=True)
class Tap:
    """Tap the button with this title."""

    title: str


@dataclass(frozen=True)
class Check:
    """Tick these choices and confirm."""

    titles: tuple[str, ...]


@dataclass(frozen=True)
class Say:
    """Write this."""

    text: str


Interview = dict[str, Tap | Check | Say]

SHOP = Interview(
    situation=Tap("It is running"),
    category=Tap("Home & garden"),
    shop_platform=Tap("Shopify"),
    website=Say("https://oakandlinen.example"),
    monthly_revenue=Say("about 12,000 € a month"),
    average_order=Say("65 €"),
    channels=Check(("Google Ads", "E-mail newsletter")),
    ad_spend=Say("800"),
    goal=Tap("More new customers"),
    audience=Say("young families who furnish their first house"),
    team=Tap("Just me, on the side"),
    city=Say("Manchester"),
    timeline=Tap("As soon as possible"),
    budget=Say("2,000 €"),
    consent=Tap("Yes"),
    name=Say("Maya O'Neill"),
    company=Say("Oak & Linen"),
    email=Say("maya@oakandlinen.example"),
    phone=Tap("Skip this one"),
)

RESTAURANT = Interview(
    situation=Tap("Il est ouvert"),
    concept=Tap("Bistrot ou brasserie"),
    seats=Say("48"),
    occupancy=Tap("Pleine le week-end"),
    services=Check(("Vente à emporter", "Événements privés")),
    sites=Say("1"),
    average_bill=Say("32 €"),
    website=Say("chezzoe.example"),
    rating=Say("4,6"),
    channels=Check(("Fiche Google et Maps", "Publicité en ligne")),
    ad_spend=Say("150 euros"),
    goal=Tap("Remplir les creux"),
    quiet_times=Check(("Midi en semaine", "Soir en semaine")),
    signature=Say("la tarte aux mirabelles de ma grand-mère et la terrasse sous les platanes"),
    team=Tap("Moi-même"),
    city=Say("Nancy, quartier Saint-Léon"),
    timeline=Tap("Dès que possible"),
    budget=Say("1 200 €"),
    consent=Tap("Oui"),
    name=Say("Zoé Léger"),
    company=Say("Chez Zoé"),
    email=Say("zoe@chezzoe.example"),
    phone=Say("06 12 34 56 78"),
)

INTERVIEWS = {"brightlane": SHOP, "atelier-nova": RESTAURANT}
"""Both end qualified."""


def of_somebody_else(interview: Interview) -> Interview:
    """The same answers from a person nobody knows yet."""
    return {**interview, "email": Say(f"{uuid.uuid4().hex}@somebody.example")}


def answer_pending(lead: Lead, interview: Interview) -> None:
    """Do what the interview says about the pending question."""
    step = interview[lead.question]
    if isinstance(step, Say):
        lead.say(step.text)
    elif isinstance(step, Tap):
        payloads = {button["title"]: button["payload"] for button in lead.last["buttons"]}
        lead.tap(payloads[step.title])
    else:
        values = {option["title"]: option["value"] for option in lead.last["input"]["options"]}
        chosen = {"question": lead.question, "value": [values[title] for title in step.titles]}
        lead.tap(f"/answer{json.dumps(chosen)}")


def answer_all(lead: Lead, interview: Interview) -> None:
    """Answer questions until the recap is shown."""
    for _ in range(len(interview)):
        if lead.question == "recap":
            break
        answer_pending(lead, interview)


def complete(lead: Lead, interview: Interview) -> None:
    """Answer all questions and confirm the recap."""
    answer_all(lead, interview)
    lead.tap("/confirm")
