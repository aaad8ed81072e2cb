"""Outgoing mail: handing a message to the mail server, and what may stand in its headers."""

import smtplib
import ssl
import unicodedata
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from email_validator import EmailNotValidError, validate_email

from markezy.kernel.mail_signature import MailSignature
from transport.rules import is_loopback

_SECONDS = 30
_LONGEST_NAME = 80


class NotSent(Exception):
    """The mail server did not take the message; `final` when another try would end the same. The text holds no personal data."""

    def __init__(self, reason: str, final: bool) -> None:
        super().__init__(reason)
        self.final = final

    def __reduce__(self) -> tuple[Any, ...]:
        # Celery sends errors between its processes.
        return type(self), (str(self), self.final)


def send(smtp_url: str, message: EmailMessage, signature: MailSignature | None = None) -> None:
    """Hand the message to the mail server, signed if there is what to sign with. NotSent when it can't be reached or refuses.

    A plain connection is encrypted where the server offers it; with `starttls=required` in the address nothing is sent
    without. The server's certificate must be good for its name, and signed by `cafile` if one is named.
    """
    parts = urlsplit(smtp_url)
    host = parts.hostname or "127.0.0.1"
    options = parse_qs(parts.query)
    try:
        context = ssl.create_default_context(cafile=options.get("cafile", [None])[0])
        with _connect(parts.scheme, host, parts.port, context) as server:
            server.ehlo()
            if parts.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            encrypted = server.sock is None or isinstance(server.sock, ssl.SSLSocket)
            if not encrypted and options.get("starttls") == ["required"]:
                raise NotSent("the mail server offers no encryption", final=False)
            if parts.username:
                if not encrypted and not is_loopback(host):
                    raise NotSent("the mail server offers no encryption for the password", final=False)
                server.login(unquote(parts.username), unquote(parts.password or ""))
            _hand_over(server, message, signature)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise NotSent(f"the mail server refused the recipient ({codes[0]})", final=min(codes) >= 500) from None
    except smtplib.SMTPAuthenticationError as error:
        raise NotSent(f"the mail server refused our login ({error.smtp_code})", final=False) from None
    except smtplib.SMTPResponseException as error:
        raise NotSent(f"the mail server answered {error.smtp_code}", final=error.smtp_code >= 550) from None
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(f"the mail server can't be reached ({type(error).__name__})", final=False) from None


def _hand_over(server: smtplib.SMTP, message: EmailMessage, signature: MailSignature | None) -> None:
    """The very bytes that were signed: the library would write the message anew."""
    addresses = [one.addr_spec for name in ("From", "To") for one in message[name].addresses]
    international = not all(map(str.isascii, addresses))
    if international and not server.has_extn("smtputf8"):
        raise NotSent("the mail server takes no address with letters like these", final=True)
    # In seven bits: a server on the way that recodes a message breaks its signature.
    raw = message.as_bytes(policy=SMTP.clone(utf8=international, cte_type="7bit"))
    options = ("SMTPUTF8", "BODY=8BITMIME") if international else ()
    server.sendmail(addresses[0], addresses[1:], raw if signature is None else signature.signed(raw), options)


def _connect(scheme: str, host: str, port: int | None, context: ssl.SSLContext) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=_SECONDS, context=context)
    return smtplib.SMTP(host, port or 25, timeout=_SECONDS)


def is_address(text: str) -> bool:
    """Whether `text` looks like an address that mail can be sent to."""
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def one_line(text: str) -> str:
    """Text for a header: no line breaks, no control signs, not endless, and nothing that reads as an encoded word (RFC 2047)."""
    visible = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in text)
    visible = visible.replace("=?", "= ?")
    return " ".join(visible.split())[:_LONGEST_NAME].strip()
