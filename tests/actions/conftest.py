"""The action server on a real socket, next to a platform that does as it is told."""

from collections.abc import Iterator
from typing import Any

import pytest

from actions.server import create_app
from actions.settings import Settings
from tests.actions.conversation import FLOW_VERSION, Conversation
from tests.actions.platform_stand_in import SECRET, Platform, platform_running
from tests.markezy.serving import serving


def said(what: str) -> dict[str, str]:
    return {"en": f"{what} (en)", "fr": f"{what} (fr)"}


DEFINITION: dict[str, Any] = {
    "locales": ["en", "fr"],
    "greeting": said("Hello"),
    "start": "goal",
    "questions": {
        "goal": {
            "type": "choice", "text": said("Goal?"), "help": said("Because of the goal"), "label": said("Goal"), "keywords": ["goal"],
            "options": [{"value": "sales", "title": said("Sales")}, {"value": "none", "title": said("None")}],
            "next": [{"when": "answers.goal == 'none'", "to": "nothing"}, {"to": "email"}],
        },
        "email": {
            "type": "email", "role": "email", "text": said("E-mail?"), "help": said("To write"), "label": said("E-mail"),
            "next": [{"to": "done"}],
        },
    },
    "ends": {
        "done": {"outcome": "qualified", "message": said("Done")},
        "nothing": {"outcome": "disqualified", "message": said("Nothing to do")},
    },
    "faqs": {"price": {"keywords": ["price"], "answer": said("Free")}},
}  # fmt: skip


@pytest.fixture
def platform() -> Iterator[Platform]:
    with platform_running({FLOW_VERSION: DEFINITION}) as running:
        yield running


@pytest.fixture
def server(platform: Platform) -> Iterator[str]:
    settings = Settings(
        MARKEZY_BOT_PORT=5005,
        MARKEZY_PORT=8000,
        MARKEZY_PLATFORM_URL=platform.url,
        MARKEZY_SERVICE_SECRET=SECRET,
    )
    app = create_app(settings)
    try:
        with serving(app) as url:
            yield url
    finally:
        type(app).unregister_app(app)


@pytest.fixture
def lead(server: str) -> Conversation:
    return Conversation(server)
