"""Each route that shows somebody, asked once: its entry is there. The list is the application's own, so a new route is in it."""

import re

import requests
from markezy.kernel.db import Database
from markezy.kernel.http.operations import operations
from markezy.kernel.settings import Settings
from markezy.web import create_app

from tests.attack.world import build
from tests.markezy.audit.trail import Trail

_PARAMETER = re.compile(r"\{(\w+)\}")
_ASKED_WITH = {"/api/v1/mail/suppressions": {"address": "nobody@nowhere.example"}}
"""What a route can't be asked without."""


def test_every_look_leaves_its_entry(database: Database, settings: Settings, web_url: str) -> None:
    agency = build(database, settings, "looked-at")
    form = {"email": f"owner@{agency.secret}.example", "password": "correct horse battery"}
    with requests.Session() as browser:
        browser.post(f"{web_url}/console/login", form, headers={"Origin": web_url}, timeout=20)
        trail = Trail(database, agency.tenant_id)
        looks = [
            one for one in operations(create_app(settings, "routes-to-look-at")) if one.method == "GET" and one.audit
        ]
        assert len(looks) > 20
        for one in looks:
            path = _PARAMETER.sub(lambda found: agency.ids[found[1]], one.path)
            status = browser.get(web_url + path, params=_ASKED_WITH.get(path), timeout=20).status_code
            if status == 409:  # a copy that is not made yet: nothing was shown
                continue
            assert status in (200, 404), one.path
            (entry,) = trail.new()
            assert (entry["action"], entry["status"]) == (one.audit, status), one.path
            in_path = agency.ids["lead_id"] if "{lead_id}" in one.path else None
            assert in_path in (None, str(entry["lead_id"])), one.path
            assert agency.secret not in str(entry)
