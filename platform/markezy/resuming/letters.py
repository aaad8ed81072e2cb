"""The e-mail with a link back into the conversation, in the lead's language and from the agency's name."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import yaml
from email_validator import EmailNotValidError, validate_email
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from pydantic import BaseModel, ConfigDict

from markezy.kernel.clock import now
from markezy.kernel.mail import NotSent, is_address, one_line
from markezy.resuming.model import Kind
from markezy.strategies.api import WayOut

_HERE = Path(__file__).parent
_FALLBACK = "en"
_PAGES = Environment(
    loader=FileSystemLoader(_HERE / "pages"),
    autoescape=select_autoescape(["html.j2"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Words(BaseModel):
    """One language. `{…}` stands for what is filled in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: dict[Kind, str]
    hello: str
    hello_nobody: str
    opening: dict[Kind, str]
    kept: str
    left_one: str
    left_some: str
    button: str
    lasts: str
    regards: str
    footer: dict[Kind, str]


@dataclass(frozen=True)
class Brand:
    """The agency as its letters show it. `ink` reads well on `color`."""

    name: str
    color: str
    ink: str
    email: str | None


@dataclass(frozen=True)
class Letter:
    """What one e-mail is made of."""

    id: UUID
    kind: Kind
    recipient: str
    lead_name: str | None
    locale: str
    brand: Brand
    url: str
    way_out: WayOut
    questions_left: int
    """At most; 0 when that is not known, or there are none."""


def compose(letter: Letter, mail_from: str) -> EmailMessage:
    """The message. NotSent when the address is none. Nothing in a name can add a header."""
    language = language_of(letter.locale)
    said = _all()[language]
    agency = one_line(letter.brand.name)
    first_name = one_line(letter.lead_name or "").partition(" ")[0]
    context = {
        "letter": letter,
        "language": language,
        "words": said,
        "agency": agency,
        "hello": said.hello.format(name=first_name) if first_name else said.hello_nobody,
        "opening": said.opening[letter.kind].format(agency=agency),
        "left": _left(said, letter.questions_left),
        "footer": said.footer[letter.kind].format(agency=agency),
        "unsubscribe": letter.way_out.said(language, agency),
    }
    message = EmailMessage(policy=SMTP)
    try:
        recipient = validate_email(letter.recipient, check_deliverability=False).normalized
        message["From"] = Address(agency, addr_spec=mail_from)
        message["To"] = Address(one_line(letter.lead_name or ""), addr_spec=recipient)
    except (EmailNotValidError, ValueError, IndexError):
        raise NotSent("the address is not one that mail can be sent to", final=True) from None
    if letter.brand.email and is_address(letter.brand.email):
        message["Reply-To"] = letter.brand.email
    message["Subject"] = said.subject[letter.kind].format(agency=agency)
    message["Date"] = format_datetime(now())
    message["Message-ID"] = f"<resume-{letter.id}@{mail_from.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    letter.way_out.offer_in(message)
    message.set_content(_PAGES.get_template("letter.txt.j2").render(context))
    message.add_alternative(_PAGES.get_template("letter.html.j2").render(context), subtype="html")
    # Last: the message would hand its content headers on to its first part.
    message["Content-Language"] = language
    return message


def language_of(locale: str) -> str:
    """The language a letter is written in: `fr` for `fr-CA`, English for one we do not speak."""
    language = locale.replace("_", "-").partition("-")[0].lower()
    return language if language in _all() else _FALLBACK


def _left(said: Words, questions: int) -> str:
    if questions <= 1:
        return said.left_one if questions == 1 else ""
    return said.left_some.format(count=questions)


@lru_cache(maxsize=1)
def _all() -> dict[str, Words]:
    files = (_HERE / "words").glob("*.yml")
    return {file.stem: Words.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files}
