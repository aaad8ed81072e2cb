"""A short qualification, as an agency would ask it."""

from collections.abc import Iterable
from typing import Any

Entry = dict[str, Any]

GREETING: list[Entry] = [
    {"text": "Hi, I’m Brightlane’s assistant.\nSix short questions, then your growth plan is on its way."},
    {
        "text": "What does your shop sell?",
        "buttons": [
            {"title": title, "payload": f'/answer{{"question":"sector","value":"{value}"}}'}
            for title, value in (
                ("Fashion", "fashion"),
                ("Food & drink", "food"),
                ("Home & garden", "home"),
                ("Something else", "other"),
            )
        ],
        "input": {"type": "choice", "question": "sector"},
        "progress": {"done": 0, "of": 6},
    },
]

CHANNELS: Entry = {
    "text": "Great. Which channels do you use today?",
    "input": {
        "type": "multi_choice",
        "question": "channels",
        "options": [
            {"title": "Google Ads", "value": "google_ads"},
            {"title": "Instagram or Facebook", "value": "meta"},
            {"title": "E-mail", "value": "email"},
            {"title": "None yet", "value": "none"},
        ],
        "max": 3,
    },
    "progress": {"done": 2, "of": 6},
}

EMAIL: Entry = {
    "text": "Where shall we send your plan?",
    "input": {"type": "email", "question": "email", "placeholder": "you@example.com"},
    "progress": {"done": 4, "of": 6},
}

DATE: Entry = {
    "text": "When would you like to start?",
    "input": {"type": "date", "question": "start"},
    "progress": {"done": 5, "of": 6},
}

DONE: Entry = {
    "text": "Thank you! Your plan is being written. It will appear here in a minute, and in your inbox.",
    "progress": {"done": 6, "of": 6},
}


RECAP: Entry = {
    "text": (
        "Before I finish, here is what I understood. Is everything right?\n"
        "• Assortment: Food & drink\n• Channels: Google Ads, E-mail\n• E-mail: maya@oak.example"
    ),
    "buttons": [{"title": "Everything is right", "payload": "/confirm"}],
    "input": {
        "type": "recap",
        "items": [
            {"question": "sector", "label": "Assortment", "display": "Food & drink"},
            {"question": "channels", "label": "Channels", "display": "Google Ads, E-mail"},
            {"question": "email", "label": "E-mail", "display": "maya@oak.example"},
        ],
    },
    "progress": {"done": 6, "of": 6},
}

BRIEF: Entry = {
    "text": "Is there a brief you would like to send along?",
    "buttons": [{"title": "Skip this one", "payload": '/answer{"question":"brief","value":""}'}],
    "input": {"type": "file", "question": "brief", "media_types": ["application/pdf", "image/*"], "max": 2},
    "progress": {"done": 5, "of": 6},
}


def _changing(question: dict[str, Any], current: str) -> Entry:
    return {**question, "input": {**question["input"], "current": current}}


CHANGES: dict[str, Entry] = {
    '/change_answer{"question":"sector"}': _changing(GREETING[1], "Food & drink"),
    '/change_answer{"question":"channels"}': _changing(CHANNELS, "Google Ads, E-mail"),
    '/change_answer{"question":"email"}': _changing(EMAIL, "maya@oak.example"),
}
"""What is asked again, with the answer as it stands."""


def answer(said: str) -> Iterable[Entry]:
    """The next question; words the interview does not know are echoed."""
    if said in CHANGES:
        return [{"text": "No problem, let’s look at that again."}, CHANGES[said]]
    if '"brief"' in said:
        return [{"text": "Thank you, I have your file."}, RECAP]
    if '"sector"' in said:
        return [CHANNELS]
    if '"channels"' in said:
        return [EMAIL]
    if "@" in said:
        return [{"text": "Got it."}, DATE]
    if said == "2026-12-01":
        return [DONE]
    if said == "/confirm":
        return [DONE]
    if said == "/resume_later":
        return [{"text": "Gladly: to which e-mail address shall I send you the link?"}]
    if said.startswith("/switch_language"):
        return [{"text": "Bien sûr, continuons en français."}]
    if said == "/ask_person":
        return [{"text": "Of course. Somebody from the team will answer here."}]
    if said == "/go_back":
        return [EMAIL]
    return [{"text": f"You said: {said}"}]
