"""No route without a decision: whatever opens or changes something of an agency is written down, and can be named."""

import pytest
from markezy.accounts.sessions import REUSED
from markezy.console.texts import LANGUAGES, texts
from markezy.kernel.audit import OPERATOR_ACTIONS
from markezy.kernel.http.auditing import UNDECIDED
from markezy.kernel.http.operations import Operation, operations
from markezy.kernel.settings import Settings
from markezy.web import create_app

NOTHING_PERSONAL = {
    "flows.read", "flows.write", "experiments.read", "crm.read", "handover.manage", "templates.read", "templates.write",
    "strategy_model.read", "brand.read",
}  # fmt: skip
"""Permissions behind which there are settings and texts of the agency; what reads by others shows people."""
UNSEEN = {
    "GET /api/v1/me": "one's own account",
    "GET /api/v1/sessions": "one's own account",
    "GET /console/account": "one's own account",
    "GET /console/inbox/waiting": "a number",
    "GET /console/review/waiting": "a number",
    "GET /console/settings/mail": "numbers",
    "GET /api/v1/consents/texts": "the agency's own words",
}
"""Reads by staff that are not written down although no permission says that they show nobody."""
KEEPS_NOTHING = {
    "POST /api/v1/flows/{slug}/check", "POST /api/v1/flows/{slug}/simulate", "POST /api/v1/templates/preview",
    "POST /console/templates/{layer}/{sector}/{part}/edit", "POST /console/templates/{layer}/{sector}/{part}/try",
    "POST /api/v1/auth/refresh", "POST /console/language",
    "POST /console/settings/sample",
    # Anybody can ask, and how long the answer takes must not tell whether there is such an account: in the security log only.
    "POST /api/v1/auth/password-reset", "POST /console/reset",
    # A lead's own doing: it is in their stream.
    "POST /mail/unsubscribe/{token}",
}  # fmt: skip


@pytest.fixture(scope="module")
def routes(settings: Settings) -> list[Operation]:
    return operations(create_app(settings, "routes-to-be-decided"))


def called(one: Operation) -> str:
    return f"{one.method} {one.path}"


def test_every_route_of_staff_says_as_what_it_is_written_down_or_that_it_is_not(routes: list[Operation]) -> None:
    undecided = [called(one) for one in routes if one.audit == UNDECIDED]
    assert undecided == [], "say `audit=` in @endpoint: the action, or None for what nobody needs to look up"


def test_every_read_that_shows_somebody_is_written_down(routes: list[Operation]) -> None:
    missing = [
        called(one)
        for one in routes
        if one.method == "GET" and one.access.kind == "staff" and one.audit is None
        and one.access.permission not in NOTHING_PERSONAL and called(one) not in UNSEEN
    ]  # fmt: skip
    assert missing == []


def test_every_change_is_written_down(routes: list[Operation]) -> None:
    missing = {called(one) for one in routes if one.method != "GET" and one.audit is None}
    assert missing == KEEPS_NOTHING


def test_every_action_has_a_name_in_every_language(routes: list[Operation]) -> None:
    actions = {one.audit for one in routes if one.audit} | {*OPERATOR_ACTIONS, REUSED}
    for language in LANGUAGES:
        named = {key.removeprefix("action.") for key in texts(language).entries if key.startswith("action.")}
        assert named == actions, language
