"""The e-mail with the strategy: text, HTML and the PDF, in the lead's language, from the agency's name."""

import smtplib
import ssl
import unicodedata
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from markezy.kernel.clock import now
from markezy.strategies import pdf
from markezy.strategies.model import Agency
from markezy.strategies.wording import words

_SECONDS = 30
_LONGEST_NAME = 80
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "pages"),
    autoescape=select_autoescape(["html.j2"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class NotSent(Exception):
    """The mail server did not take the message; `final` when another try would end the same. The text holds no personal data."""

    def __init__(self, reason: str, final: bool) -> None:
        super().__init__(reason)
        self.final = final


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


def compose(letter: Letter, mail_from: str) -> EmailMessage:
    """The message. NotSent when the address is none. Nothing in names or titles can add a header."""
    said = words(letter.locale)
    agency_name = _one_line(letter.agency.name)
    context = {
        "letter": letter, "words": said, "agency": letter.agency, "ink": pdf.ink_on(letter.agency.color),
        "first_name": _one_line(letter.name or "").partition(" ")[0],
        "footer": said.footer.format(agency=agency_name),
    }  # fmt: skip
    message = EmailMessage(policy=SMTP)
    try:
        recipient = validate_email(letter.email, check_deliverability=False).normalized
        message["From"] = Address(agency_name, addr_spec=mail_from)
        message["To"] = Address(_one_line(letter.name or ""), addr_spec=recipient)
    except (EmailNotValidError, ValueError, IndexError):
        raise NotSent("the address is not one that mail can be sent to", final=True) from None
    if letter.agency.email and _is_address(letter.agency.email):
        message["Reply-To"] = letter.agency.email
    message["Subject"] = said.subject.format(agency=agency_name)
    message["Date"] = format_datetime(now())
    message["Message-ID"] = f"<strategy-{letter.strategy_id}@{mail_from.rpartition('@')[2]}>"
    message["Content-Language"] = letter.locale
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_PAGES.get_template("message.txt.j2").render(context))
    message.add_alternative(_PAGES.get_template("message.html.j2").render(context), subtype="html")
    message.add_attachment(letter.document, maintype="application", subtype="pdf", filename=_file_name(letter))
    return message


def send(smtp_url: str, message: EmailMessage) -> None:
    """Hand the message to the mail server. NotSent when it can't be reached or refuses."""
    parts = urlsplit(smtp_url)
    host = parts.hostname or "127.0.0.1"
    try:
        with _connect(parts.scheme, host, parts.port) as server:
            server.ehlo()
            if parts.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            if parts.username:
                if server.sock is not None and not isinstance(server.sock, ssl.SSLSocket) and not _is_loopback(host):
                    raise NotSent("the mail server offers no encryption for the password", final=False)
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise NotSent(f"the mail server refused the recipient ({codes[0]})", final=min(codes) >= 500) from None
    except smtplib.SMTPAuthenticationError as error:
        raise NotSent(f"the mail server refused our login ({error.smtp_code})", final=False) from None
    except smtplib.SMTPResponseException as error:
        raise NotSent(f"the mail server answered {error.smtp_code}", final=error.smtp_code >= 550) from None
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(f"the mail server can't be reached ({type(error).__name__})", final=False) from None


def _connect(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=_SECONDS, context=ssl.create_default_context())
    return smtplib.SMTP(host, port or 25, timeout=_SECONDS)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_address(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def _file_name(letter: Letter) -> str:
    return f"{words(letter.locale).file_name} - {_one_line(letter.agency.name).replace('/', '-')}.pdf"


def _one_line(text: str) -> str:
    """Text for a header: no line breaks, no control signs, not endless."""
    visible = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in text)
    return " ".join(visible.split())[:_LONGEST_NAME].strip()
