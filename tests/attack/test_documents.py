"""What a lead says, in what leaves the house: the PDF and every letter."""

from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from io import BytesIO
from typing import Any
from uuid import uuid4

from markezy.accounts import letters as account_letters
from markezy.handover import letters as handover_letters
from markezy.kernel.mail import NotSent
from markezy.leads.api import Contact, QualifiedAnswer, QualifiedLead
from markezy.resuming import letters as resume_letters
from markezy.resuming.letters import Brand as Sender
from markezy.resuming.model import Kind
from markezy.strategies.delivery import email as strategy_letters
from markezy.strategies.delivery.leaving import WayOut
from markezy.strategies.model import Agency
from markezy.strategies.production.drafting import draft
from markezy.strategies.rendering.brand import Brand
from markezy.strategies.rendering.pdf import Document, NotRenderable, Occasion, render, render_strategy
from markezy.strategies.versions.shipped import product_stack
from markezy.strategies.writing.case import Case
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, IndirectObject, NameObject, TextStringObject

from tests.attack.tally import Attacks
from tests.attack.test_injection import SCRIPTS
from tests.attack.test_outgoing import unreachable

HEADERS = (
    "Maya\r\nBcc: thief@evil.example",
    "Maya\nBcc: thief@evil.example",
    "Maya\r\n\r\n<h1>Pay here</h1>",
    'Maya" <thief@evil.example>, "x',
    "=?utf-8?q?Maya=0D=0ABcc:_thief@evil.example?=",
    "Maya\u2028Bcc: thief@evil.example",
    "Maya\x0bBcc: thief@evil.example",
)
ADDRESSES = (
    "a@b.example, thief@evil.example",
    "a@b.example\r\nBcc: thief@evil.example",
    "thief@evil.example;a@b.example",
)
_ACTIVE = {"/JavaScript", "/JS", "/Launch", "/SubmitForm", "/ImportData", "/EmbeddedFile", "/EmbeddedFiles", "/AA"}
"""Names in a PDF's objects that make a reader do something (ISO 32000-1, 12.6)."""
FETCHING = (
    '<img src="http://127.0.0.1:{port}/stolen">',
    '<link rel="stylesheet" href="http://127.0.0.1:{port}/stolen">',
    "<style>@import url(http://127.0.0.1:{port}/stolen); @font-face {{ src: url(http://127.0.0.1:{port}/stolen) }}</style>",
    '<div style="background: url(http://127.0.0.1:{port}/stolen)">x</div>',
    '<img src="file:///etc/passwd">',
    '<pdf:barcode value="x" type="QR">',
)


def _names(body: bytes) -> set[str]:
    """Every key and name in the objects of a PDF. Not in its bytes: a compressed picture may spell anything."""
    found: set[str] = set()
    seen: set[int] = set()
    waiting: list[Any] = [PdfReader(BytesIO(body)).trailer]
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            if one.idnum not in seen:
                seen.add(one.idnum)
                waiting.append(one.get_object())
        elif isinstance(one, NameObject):
            found.add(str(one))
        elif isinstance(one, dict):
            found.update(map(str, one))
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return found


def test_the_names_in_a_pdf_are_found() -> None:
    made = PdfWriter()
    made.add_blank_page(100, 100)
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    made.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    out = BytesIO()
    made.write(out)
    assert {"/JavaScript", "/JS"} <= _names(out.getvalue())


def test_no_pdf_runs_or_fetches_anything(attacks: Attacks) -> None:
    kind = "scripts and addresses in PDFs"
    with unreachable() as (port, reached):
        for hostile in (*SCRIPTS, *(one.format(port=port) for one in FETCHING)):
            lead = QualifiedLead(
                uuid4(), uuid4(), uuid4(), "en", "good_fit", 50, Contact(hostile, hostile, hostile, hostile),
                tuple(QualifiedAnswer(one, hostile, hostile, hostile) for one in ("goal", "audience", "city", "signature")),
            )  # fmt: skip
            agency = Agency.of(hostile, {"color": hostile, "website": hostile, "email": hostile})
            written = draft(
                product_stack("restaurant", "en"), Case(lead, agency, "restaurant", "en", date(2026, 3, 2))
            ).document
            occasion = Occasion(
                Brand(agency, hostile.encode(), "image/svg+xml"), hostile, datetime(2026, 3, 2, tzinfo=UTC)
            )
            attacks.held(kind, f"{hostile} became active", not _names(render_strategy(written, occasion)) & _ACTIVE)
        attacks.held(kind, f"fetched {reached}", reached == [])
    attacks.check(kind)


def test_not_even_a_template_makes_the_pdf_fetch_anything(attacks: Attacks) -> None:
    """An agency may write templates; what they fetch would come from our network."""
    kind = "scripts and addresses in PDFs"
    with unreachable() as (port, reached):
        for hostile in FETCHING:
            html = f"<h1>Plan</h1>{hostile.format(port=port)}<p>end</p>"
            document = Document("x", "en", "x", Agency.of("x", {}), datetime(2026, 3, 2, tzinfo=UTC), html)
            try:
                made = render(document)
            except NotRenderable:
                made = b""
            attacks.held(kind, f"{hostile}: a file was read", b"root:" not in made)
        attacks.held(kind, f"fetched {reached}", reached == [])
    attacks.check(kind)


def _letters(name: str, address: str) -> list[EmailMessage]:
    """Each kind of letter, with a hostile name and address wherever a person's stand."""
    agency = Agency.of(name, {"website": name, "email": address})
    brand = Sender(name, "#123456", name, address)
    way_out = WayOut("https://a.example/out")
    return [
        strategy_letters.compose(
            strategy_letters.Letter(uuid4(), name, "en", name, address, agency, "https://a.example/x", b"%PDF", way_out),
            "markezy@agency.example",
        ),
        resume_letters.compose(
            resume_letters.Letter(uuid4(), Kind.LINK, address, name, "fr", brand, "https://a.example/x", way_out, 3),
            "markezy@agency.example",
        ),
        handover_letters.compose(
            handover_letters.Letter(
                uuid4(), "message", "asked", name, name, 3, name, "es", "https://a.example/x", (address,)
            ),
            "markezy@agency.example",
        ),
        account_letters.compose(
            account_letters.Letter(
                kind="invitation", message_id="m1", recipient=address, name=name, by=name, agency=name, locale="en",
                url="https://a.example/x",
            ),
            "markezy@agency.example",
        ),
    ]  # fmt: skip


def test_no_name_adds_a_header_or_a_script_to_a_letter(attacks: Attacks) -> None:
    kind = "headers and scripts in letters"
    names = (*HEADERS, *SCRIPTS)
    for name, letter in ((said, one) for said in names for one in _letters(said, "maya@lead.example")):
        sent = message_from_bytes(letter.as_bytes(), policy=default)
        recipients = [
            one.addr_spec
            for header in ("to", "cc", "bcc")
            for value in sent.get_all(header, [])
            for one in value.addresses
        ]
        attacks.held(kind, f"{name!r} goes to {recipients}", recipients == ["maya@lead.example"])
        html = sent.get_body(("html",))
        shown = html.get_content() if html is not None else ""
        tags = [tag for tag in ("<script", "<img src=x", "<svg", "<iframe", "<form") if tag in shown]
        attacks.held(kind, f"{name!r} became {tags}", not tags)
    attacks.check(kind)


def test_no_address_is_two(attacks: Attacks) -> None:
    kind = "headers and scripts in letters"
    for address in ADDRESSES:
        try:
            letters = _letters("Maya", address)
        except NotSent:
            letters = []
        attacks.held(kind, f"{address!r} was taken", letters == [])
    attacks.check(kind)
