"""What a lead says is text: in the console, in a strategy, in its PDF's source, and never code."""

from datetime import date
from uuid import uuid4

import pytest
from markezy.kernel.db import Database
from markezy.leads.api import Contact, QualifiedAnswer, QualifiedLead
from markezy.strategies.context import context_of
from markezy.strategies.model import Agency as Brand
from markezy.strategies.templates import SECTIONS, write
from playwright.sync_api import Page

from tests.attack.tally import Attacks
from tests.attack.world import Agency
from tests.headless import headless_browser
from tests.markezy.console.rows import add_answer, add_handover, add_lead, add_strategy, say

SCRIPTS = (
    "<script>window.broken=1</script>", "\"><script>window.broken=1</script>", "<img src=x onerror=window.broken=1>",
    "<svg onload=window.broken=1>", "javascript:window.broken=1", "'-window.broken=1-'", "</title><script>window.broken=1</script>",
    "<iframe srcdoc='<script>parent.broken=1</script>'>", "{{constructor.constructor('window.broken=1')()}}",
    "<a href=javascript:window.broken=1>x</a>", "<div hx-get='/x' hx-trigger='load'>", "<form action=/console/logout method=post>",
)  # fmt: skip
TEMPLATES = (
    "{{ 7*7777 }}", "{% for x in [7] %}{{ x*7777 }}{% endfor %}", "{{ ''.__class__.__mro__ }}", "${7*7777}", "<%= 7*7777 %>", "#{7*7777}",
    "{{ config }}", "{{ self.__init__.__globals__ }}", "{% include '/etc/passwd' %}", "{{ lipsum.__globals__['os'].popen('id').read() }}",
)  # fmt: skip
RAN = ("54439", "root:", "uid=", "__globals__'", "<class ")


def test_no_script_of_a_lead_runs_in_the_console(
    web_url: str, victim: Agency, database: Database, attacks: Attacks
) -> None:
    kind = "scripts in what leads say"
    with database.transaction(victim.tenant_id) as connection:
        leads = []
        for script in SCRIPTS:
            lead = add_lead(connection, victim.tenant_id, name=script, company=script, email=script, phone=script)
            add_answer(connection, victim.tenant_id, lead, script, script)
            say(connection, victim.tenant_id, lead, "visitor", script)
            say(
                connection, victim.tenant_id, lead, "assistant", script,
                buttons=[{"title": script, "payload": script}], attachment={"title": script, "url": script, "media_type": "x"},
            )  # fmt: skip
            add_strategy(connection, victim.tenant_id, lead, script)
            add_handover(connection, victim.tenant_id, lead, message=script, status="away")
            leads.append(lead)
    with headless_browser() as browser:
        page = browser.new_page()
        alarms: list[str] = []
        page.on("dialog", lambda dialog: (alarms.append(dialog.message), dialog.dismiss()))
        page.goto(f"{web_url}/console/login")
        page.fill("#email", f"owner@{victim.secret}.example")
        page.fill("#password", "correct horse battery")
        page.press("#password", "Enter")
        page.wait_for_url("**/console/leads*")
        for path in ("leads", "inbox", *(f"leads/{lead}" for lead in leads)):
            answer = page.goto(f"{web_url}/console/{path}")
            assert answer is not None
            policy = answer.headers.get("content-security-policy", "")
            attacks.held(
                kind, f"{path} has no policy against scripts", "script-src" in policy or "default-src" in policy
            )
            attacks.held(kind, f"{path} allows inline scripts", "unsafe-inline" not in policy.split("style-src")[0])
            attacks.held(kind, f"a script ran on {path}", not _is_broken(page) and not alarms)
    attacks.check(kind)


def _is_broken(page: Page) -> bool:
    return bool(page.evaluate("window.broken === 1"))


@pytest.mark.parametrize("sector", ["ecommerce", "restaurant"])
def test_no_template_of_a_lead_runs_in_a_strategy(sector: str, attacks: Attacks) -> None:
    kind = "templates and scripts in strategies"
    sources = sorted((SECTIONS.parent / sector).glob("*"))
    assert sources
    for source in sources:
        for hostile in (*TEMPLATES, *SCRIPTS):
            questions = ("goal", "audience", "website", "city", "channels", "budget", "team", "signature")
            lead = QualifiedLead(
                uuid4(), uuid4(), uuid4(), "en", "good_fit", 50, Contact(hostile, hostile, hostile, hostile),
                tuple(QualifiedAnswer(question, hostile, hostile, hostile) for question in questions),
            )  # fmt: skip
            brand = Brand.of(hostile, {"color": hostile, "website": hostile, "email": hostile})
            written = write(source.read_text(encoding="utf-8"), context_of(lead, brand, "en", date(2026, 3, 2)))
            ran = [mark for mark in RAN if mark in written.html + written.title]
            attacks.held(kind, f"{source.name}: {hostile} ran: {ran}", not ran)
            tags = [
                tag
                for tag in ("<script", "<img", "<svg", "<iframe", "<form", "<a href=javascript")
                if tag in written.html
            ]
            attacks.held(kind, f"{source.name}: {hostile} became {tags}", not tags)
    attacks.check(kind)
