"""Who may do what, operation by operation, written out by hand: a route that is not here fails the build.

`o` owner, `a` admin, `g` agent, `n` analyst, `r` read-only; `*` anybody, also without an account. The second value is a body that
would be accepted, for operations that take one.
"""

from typing import Any

ALL, TEAM, LEADERS, NOT_ANALYST = "oagnr", "oag", "oa", "oagr"
PUBLIC = "*"
PASSWORD = "correct horse battery"

_DEFINITION: dict[str, Any] = {}

EXPECTED: dict[str, tuple[str, Any]] = {
    "GET /api/v1/api-keys": (LEADERS, None),
    "POST /api/v1/api-keys": (LEADERS, {"name": "Reports", "scopes": ["leads.read"]}),
    "DELETE /api/v1/api-keys/{key_id}": (LEADERS, None),
    "GET /api/v1/audit": (LEADERS, None),
    "GET /api/v1/audit/export": (LEADERS, None),
    "POST /api/v1/auth/invitations/accept": (PUBLIC, {"token": "x" * 40, "password": PASSWORD}),
    "POST /api/v1/auth/login": (PUBLIC, {"email": "nobody@nowhere.example", "password": "wrong"}),
    "POST /api/v1/auth/logout": (ALL, None),
    "POST /api/v1/auth/password-reset": (PUBLIC, {"email": "nobody@nowhere.example"}),
    "POST /api/v1/auth/password-reset/finish": (PUBLIC, {"token": "x" * 40, "password": PASSWORD}),
    "POST /api/v1/auth/refresh": (PUBLIC, {"refresh_token": "x" * 40}),
    "GET /api/v1/consents": (ALL, None),
    "GET /api/v1/consents/texts": (ALL, None),
    "GET /api/v1/crm/connections": (NOT_ANALYST, None),
    "GET /api/v1/crm/syncs": (NOT_ANALYST, None),
    "GET /api/v1/experiments": (ALL, None),
    "POST /api/v1/experiments": (
        LEADERS,
        {
            "flow": "{slug}",
            "name": "x",
            "variants": [{"name": "a", "weight": 1, "version": 1}, {"name": "b", "weight": 1, "version": 1}],
        },
    ),
    "GET /api/v1/experiments/{experiment_id}": (ALL, None),
    "POST /api/v1/experiments/{experiment_id}/stop": (LEADERS, None),
    "GET /api/v1/flows": (ALL, None),
    "POST /api/v1/flows/import": (LEADERS, "slug: x"),
    "GET /api/v1/flows/schema.json": (ALL, None),
    "GET /api/v1/flows/{slug}": (ALL, None),
    "POST /api/v1/flows/{slug}/check": (ALL, {"definition": _DEFINITION}),
    "PUT /api/v1/flows/{slug}/default": (LEADERS, None),
    "GET /api/v1/flows/{slug}/diff": (ALL, None),
    "DELETE /api/v1/flows/{slug}/draft": (LEADERS, None),
    "GET /api/v1/flows/{slug}/draft": (ALL, None),
    "PUT /api/v1/flows/{slug}/draft": (LEADERS, {"name": "x", "definition": _DEFINITION, "revision": 1}),
    "GET /api/v1/flows/{slug}/export": (ALL, None),
    "POST /api/v1/flows/{slug}/publish": (LEADERS, {"note": "x"}),
    "POST /api/v1/flows/{slug}/rollback": (LEADERS, {"number": 1}),
    "POST /api/v1/flows/{slug}/simulate": (ALL, {"version": "published", "locale": "en"}),
    "GET /api/v1/flows/{slug}/versions": (ALL, None),
    "GET /api/v1/flows/{slug}/versions/{number}": (ALL, None),
    "GET /api/v1/strategy-model": (LEADERS, None),
    "PUT /api/v1/strategy-model": (
        LEADERS,
        {
            "base_url": "https://example.com/v1",
            "model": "m",
            "api_key": "k",
            "monthly_cap": 1,
            "price_in": 1,
            "price_out": 1,
        },
    ),
    "DELETE /api/v1/strategy-model": (LEADERS, None),
    "GET /api/v1/handover/settings": (LEADERS, None),
    "PUT /api/v1/handover/settings": (LEADERS, {"timezone": "Europe/Paris", "office_hours": None}),
    "GET /api/v1/handovers": (NOT_ANALYST, None),
    "POST /api/v1/handovers/{handover_id}/close": (TEAM, None),
    "GET /api/v1/invitations": (LEADERS, None),
    "DELETE /api/v1/invitations/{invitation_id}": (LEADERS, None),
    "POST /api/v1/invitations/{invitation_id}/resend": (LEADERS, None),
    "GET /api/v1/leads": (ALL, None),
    "GET /api/v1/leads/{lead_id}": (ALL, None),
    "GET /api/v1/leads/{lead_id}/consents": (ALL, None),
    "POST /api/v1/leads/{lead_id}/consents/withdraw": (TEAM, {"purpose": "contact"}),
    "GET /api/v1/leads/{lead_id}/erasure": (LEADERS, None),
    "POST /api/v1/leads/{lead_id}/erasure": (LEADERS, None),
    "GET /api/v1/leads/{lead_id}/erasure/certificate": (LEADERS, None),
    "GET /api/v1/leads/{lead_id}/events": (ALL, None),
    "GET /api/v1/leads/{lead_id}/export": (LEADERS, None),
    "POST /api/v1/leads/{lead_id}/export": (LEADERS, None),
    "GET /api/v1/leads/{lead_id}/export/download": (LEADERS, None),
    "GET /api/v1/leads/{lead_id}/files/{file_id}": (ALL, None),
    "POST /api/v1/leads/{lead_id}/handover/release": (TEAM, None),
    "POST /api/v1/leads/{lead_id}/handover/take": (TEAM, None),
    "POST /api/v1/leads/{lead_id}/messages": (TEAM, {"id": "00000000-0000-4000-8000-000000000001", "text": "hello"}),
    "GET /api/v1/leads/{lead_id}/messages/{message_id}": (NOT_ANALYST, None),
    "POST /api/v1/leads/{lead_id}/review": (TEAM, {"state": "nurture"}),
    "GET /api/v1/leads/{lead_id}/state": (ALL, None),
    "GET /api/v1/leads/{lead_id}/strategies": (ALL, None),
    "GET /api/v1/leads/{lead_id}/transcript": (ALL, None),
    "GET /api/v1/me": (ALL, None),
    "PUT /api/v1/me/password": (ALL, {"current": "not the password", "new": PASSWORD + " 2"}),
    "POST /api/v1/me/totp": (ALL, {"password": "not the password"}),
    "POST /api/v1/me/totp/confirm": (ALL, {"code": "000000"}),
    "POST /api/v1/me/totp/disable": (ALL, {"password": "not the password"}),
    "GET /api/v1/privacy/processing": (LEADERS, None),
    "GET /api/v1/privacy/processing/pdf": (LEADERS, None),
    "GET /api/v1/privacy/retention": (LEADERS, None),
    "PUT /api/v1/privacy/retention": (LEADERS, {"periods": {"files": 90}}),
    "GET /api/v1/privacy/retention/preview": (LEADERS, None),
    "GET /api/v1/resuming/settings": (ALL, None),
    "PUT /api/v1/resuming/settings": (LEADERS, {"remind": True, "remind_after_hours": 20}),
    "DELETE /api/v1/sessions": (ALL, None),
    "GET /api/v1/sessions": (ALL, None),
    "DELETE /api/v1/sessions/{session_id}": (ALL, None),
    "GET /api/v1/strategies/{strategy_id}": (ALL, None),
    "GET /api/v1/strategies/{strategy_id}/pdf": (ALL, None),
    "POST /api/v1/strategies/{strategy_id}/outcomes": (TEAM, {"kind": "won", "amount": "900.00", "currency": "EUR"}),
    "GET /api/v1/templates": (ALL, None),
    "GET /api/v1/templates/performance": (ALL, None),
    "POST /api/v1/templates/preview": (ALL, {"layer": "agency", "part": "en", "source": "title: x"}),
    "GET /api/v1/templates/releases": (ALL, None),
    "POST /api/v1/templates/releases": (
        LEADERS,
        {"layer": "agency", "part": "en", "kind": "publish", "versions": [{"version_id": "{version_id}"}]},
    ),
    "GET /api/v1/templates/versions": (ALL, None),
    "POST /api/v1/templates/versions": (LEADERS, {"layer": "agency", "part": "en", "source": "title: x", "note": "x"}),
    "GET /api/v1/templates/versions/{version_id}": (ALL, None),
    "GET /api/v1/templates/versions/{version_id}/diff": (ALL, None),
    "GET /api/v1/users": (LEADERS, None),
    "POST /api/v1/users": (LEADERS, {"email": "new@somewhere.example", "name": "New", "role": "agent"}),
    "PATCH /api/v1/users/{user_id}": (LEADERS, {"role": "agent"}),
}

FOR_NEW_ONES = frozenset({"POST /api/v1/flows/{slug}/check"})
"""The path names something that need not exist: the answer is about the body alone."""

OWN_PERSON = frozenset({"PUT /api/v1/me/password", "POST /api/v1/me/totp", "POST /api/v1/me/totp/disable"})
"""Refused with 401 or 403 although the role may: the body holds a wrong password."""
