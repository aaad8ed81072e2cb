"""What a lead says is text: in the console, in a strategy, in its PDF's source, and never code."""

from datetime import UTC, date, datetime
from html.parser import HTMLParser
from uuid import uuid4

import pytest
import yaml
from markezy.kernel.db import Database
from markezy.leads.api import Contact, QualifiedAnswer, QualifiedLead
from markezy.strategies.layers import shipped
from markezy.strategies.layers.golden import golden_leads
from markezy.strategies.model import Agency as Brand
from markezy.strategies.production.drafting import NotWritable, draft, draft_briefing
from markezy.strategies.rendering.brand import Brand as Paper
from markezy.strategies.rendering.markup import content_html
from markezy.strategies.rendering.occasion import Occasion
from markezy.strategies.rendering.web import page
from markezy.strategies.versions.model import Format, Place, Version
from markezy.strategies.versions.shipped import product_stack
from markezy.strategies.versions.workshop import WORKSHOP
from markezy.strategies.writing.case import Case
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
ESCAPED = ("root:", "uid=", "__globals__'", "<class ")
RAN = ("54439", *ESCAPED)
HARMLESS = ("data:image/", "#", "https://a.example/x")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


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


class Active(HTMLParser):
    """What a browser would run or fetch of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    @staticmethod
    def of(html: str) -> list[str]:
        parser = Active()
        parser.feed(html)
        return parser.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "iframe", "form", "object", "embed", "base", "link", "use", "image", "foreignobject"}:
            self.found.append(tag)
        for name, value in attrs:
            where = (value or "").strip().lower()
            fetched = name in {"src", "href", "action", "data", "xlink:href"} and not where.startswith(HARMLESS)
            if name.startswith("on") or fetched or (name == "style" and "url(" in where):
                self.found.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("sector", shipped.sectors())
def test_no_template_of_a_lead_runs_in_a_strategy(sector: str, attacks: Attacks) -> None:
    kind = "templates and scripts in strategies"
    questions = golden_leads(sector, "en")["large"].answers
    for hostile in (*TEMPLATES, *SCRIPTS):
        lead = QualifiedLead(
            uuid4(), uuid4(), uuid4(), "en", "good_fit", 50, Contact(hostile, hostile, hostile, hostile),
            tuple(QualifiedAnswer(one.question, hostile, hostile, hostile) for one in questions),
        )  # fmt: skip
        brand = Brand.of(hostile, {"color": hostile, "website": hostile, "email": hostile})
        case = Case(lead, brand, sector, "en", date(2026, 3, 2))
        stack = product_stack(sector, "en")
        for name, document in (("strategy", draft(stack, case).document), ("briefing", draft_briefing(stack, case))):
            shown = (
                content_html(document, lineage=True)
                + page(document, Occasion(Paper(brand), hostile, NOON), "https://a.example/x").html
            )
            ran = [mark for mark in RAN if mark in shown]
            attacks.held(kind, f"{name} of {sector}: {hostile} ran: {ran}", not ran)
            active = Active.of(shown)
            attacks.held(kind, f"{name} of {sector}: {hostile} became {active}", not active)
    attacks.check(kind)


BOMBS = (
    "{% for a in range(10**9) %}x{% endfor %}", "{{ 'x' * 10**9 }}", "{{ 9**9**9 }}",
    "{% for a in range(999) %}{% for b in range(999) %}{% for c in range(999) %}x{% endfor %}{% endfor %}{% endfor %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "{{ '%99999999d' | format(1) }}", "{{ 'x'.ljust(10**9) }}",
    "{{ said.__globals__ }}", "{{ agency.__class__.__init__.__globals__ }}", "{{ lead.__class__ }}", "{% include 'x' %}",
    "{% import 'os' as os %}{{ os }}", "{{ ().__class__.__bases__[0].__subclasses__() }}", "{{ cycler.__init__.__globals__.os }}",
    "{{ self._TemplateReference__context }}", "{{ said | attr('__globals__') }}", "{{ [1] | map(attribute='__class__') | list }}",
)  # fmt: skip


@pytest.mark.parametrize("hostile", [*TEMPLATES, *BOMBS, *SCRIPTS])
def test_no_layer_of_an_agency_gets_out_of_its_sandbox(hostile: str, attacks: Attacks) -> None:
    """An agency may write layers; they run in our workers."""
    kind = "layers of agencies"
    source = yaml.safe_dump({"sections": {"summary": {"blocks": {"ours": {"text": hostile}}}}})
    place = Place.named("agency", "", "en")
    version = Version(uuid4(), Format.LAYER, "agency", "", "en", 1, "staff:x", "", NOON, source)
    stack = product_stack("restaurant", "en").with_version(version)
    lead = golden_leads("restaurant", "en")["small"]
    refused = WORKSHOP.check(stack, place) != []
    try:
        case = Case(lead, Brand.of("Agency", {}), "restaurant", "en", date(2026, 3, 2))
        shown = content_html(draft(stack, case).document)
    except NotWritable:
        shown = ""
    ran = [mark for mark in (*ESCAPED, "subclasses", "x" * 10_000) if mark in shown]
    attacks.held(kind, f"{hostile} ran: {ran}", not ran)
    attacks.held(kind, f"{hostile} became active", not Active.of(shown))
    attacks.held(kind, f"{hostile} could be released", refused or hostile not in BOMBS)
    attacks.check(kind)
