"""Another site's form, sent by a browser that is logged in here, or that is to be logged in as somebody else."""

import re

import requests
from markezy.kernel.http.operations import operations
from markezy.kernel.settings import Settings
from markezy.web import create_app

from tests.attack.tally import Attacks
from tests.attack.world import Agency

KIND = "other sites' forms"
FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {},
)
_PARAMETER = re.compile(r"\{(\w+)\}")


def test_no_form_of_another_site_changes_anything(
    web_url: str, settings: Settings, victim: Agency, attacks: Attacks
) -> None:
    browser = requests.Session()
    form = {"email": f"admin@{victim.secret}.example", "password": "correct horse battery"}
    own = {"Origin": web_url}
    logged_in = browser.post(f"{web_url}/console/login", data=form, headers=own, timeout=20, allow_redirects=False)
    assert logged_in.status_code == 303
    app = create_app(settings, "forms-under-attack")
    writing = [one for one in operations(app) if one.method != "GET" and one.access.kind == "staff"]
    assert len(writing) > 15
    for one in writing:
        url = web_url + _PARAMETER.sub(lambda found: victim.ids.get(found[1], "x"), one.path)
        for headers in FOREIGN:
            for body in ({"data": {"text": "x"}}, {"json": {}}):
                answer = browser.request(one.method, url, headers=headers, timeout=20, allow_redirects=False, **body)
                attacks.held(
                    KIND, f"{one.method} {one.path} {headers}: {answer.status_code}", answer.status_code == 403
                )
    attacks.check(KIND)


def test_no_form_of_another_site_logs_a_browser_in(
    web_url: str, settings: Settings, intruder: Agency, attacks: Attacks
) -> None:
    app = create_app(settings, "entries-under-attack")
    open_to_all = [
        one
        for one in operations(app)
        if one.method != "GET" and one.access.kind == "anyone" and one.path.startswith("/console/")
    ]
    assert len(open_to_all) >= 5
    form = {"email": f"admin@{intruder.secret}.example", "password": "correct horse battery", "language": "fr"}
    for one in open_to_all:
        url = web_url + _PARAMETER.sub("x", one.path)
        for headers in FOREIGN:
            answer = requests.request(one.method, url, data=form, headers=headers, timeout=20, allow_redirects=False)
            held = answer.status_code == 403 and "Set-Cookie" not in answer.headers
            attacks.held(KIND, f"{one.method} {one.path} {headers}: {answer.status_code}", held)
    attacks.check(KIND)
