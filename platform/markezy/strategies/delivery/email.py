"""The e-mail with the strategy: text, HTML and the PDF, in the lead's language, from the agency's name."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from markezy.kernel.clock import now
from markezy.kernel.contrast import ink_on
from markezy.kernel.mail import NotSent, is_address, one_line
from markezy.strategies.delivery.leaving import WayOut
from markezy.strategies.model import Agency
from markezy.strategies.wording import words

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).resolve().parents[1] / "pages"),
    autoescape=select_autoescape(["html.j2"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Letter:
    """What one e-mail is made of."""

    strategy_id: UUID
    title: str
    locale: str
    name: str | None
    email: str
    agency: Agency
    url: str
    document: bytes
    way_out: WayOut


def compose(letter: Letter, mail_from: str) -> EmailMessage:
    """The message. NotSent when the address is none. Nothing in names or titles can add a header."""
    said = words(letter.locale)
    agency_name = one_line(letter.agency.name)
    context = {
        "letter": letter, "words": said, "agency": letter.agency, "ink": ink_on(letter.agency.color),
        "first_name": one_line(letter.name or "").partition(" ")[0],
        "footer": said.footer.format(agency=agency_name), "unsubscribe": letter.way_out.said(letter.locale, agency_name),
    }  # fmt: skip
    message = EmailMessage(policy=SMTP)
    try:
        recipient = validate_email(letter.email, check_deliverability=False).normalized
        message["From"] = Address(agency_name, addr_spec=mail_from)
        message["To"] = Address(one_line(letter.name or ""), addr_spec=recipient)
    except (EmailNotValidError, ValueError, IndexError):
        raise NotSent("the address is not one that mail can be sent to", final=True) from None
    if letter.agency.email and is_address(letter.agency.email):
        message["Reply-To"] = letter.agency.email
    message["Subject"] = said.subject.format(agency=agency_name)
    message["Date"] = format_datetime(now())
    message["Message-ID"] = f"<strategy-{letter.strategy_id}@{mail_from.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    letter.way_out.offer_in(message)
    message.set_content(_PAGES.get_template("message.txt.j2").render(context))
    message.add_alternative(_PAGES.get_template("message.html.j2").render(context), subtype="html")
    message.add_attachment(letter.document, maintype="application", subtype="pdf", filename=_file_name(letter))
    # Last: the message would hand its content headers on to its first part.
    message["Content-Language"] = letter.locale
    return message


def _file_name(letter: Letter) -> str:
    return f"{words(letter.locale).file_name} - {one_line(letter.agency.name).replace('/', '-')}.pdf"
