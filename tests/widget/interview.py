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


def answer(said: str) -> Iterable[Entry]:
    """The next question; words the interview does not know are echoed."""
    if '"sector"' in said:
        return [CHANNELS]
    if '"channels"' in said:
        return [EMAIL]
    if "@" in said:
        return [{"text": "Got it."}, DATE]
    if said == "2026-12-01":
        return [DONE]
    if said == "/ask_person":
        return [{"text": "Of course. Somebody from the team will answer here."}]
    if said == "/go_back":
        return [EMAIL]
    return [{"text": f"You said: {said}"}]
