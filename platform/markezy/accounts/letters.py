"""The e-mails about accounts, in the agency's language."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from pathlib import Path

import yaml
from email_validator import EmailNotValidError, validate_email
from pydantic import BaseModel, ConfigDict

from markezy.kernel.clock import now
from markezy.kernel.mail import NotSent, one_line

_FOLDER = Path(__file__).parent / "words"
_FALLBACK = "en"


class Words(BaseModel):
    """One kind of letter in one language. `{…}` stands for what is filled in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: str
    hello: str
    opening: str
    link: str
    lasts: str
    unwanted: str
    footer: str


@dataclass(frozen=True)
class Letter:
    """What one e-mail is made of. `kind` is one of `links`' purposes; `by` is who invites."""

    kind: str
    message_id: str
    recipient: str
    name: str
    by: str
    agency: str
    locale: str
    url: str


def compose(letter: Letter, mail_from: str) -> EmailMessage:
    """The message. NotSent when the address is none. Nothing in a name can add a header."""
    language = _language(letter.locale)
    said = _all()[language][letter.kind]
    filled = {"name": one_line(letter.name), "by": one_line(letter.by), "agency": one_line(letter.agency)}
    message = EmailMessage(policy=SMTP)
    try:
        recipient = validate_email(letter.recipient, check_deliverability=False).normalized
        message["From"] = Address("Markezy", addr_spec=mail_from)
        message["To"] = Address(filled["name"], addr_spec=recipient)
    except (EmailNotValidError, ValueError, IndexError):
        raise NotSent("the address is not one that mail can be sent to", final=True) from None
    message["Subject"] = said.subject.format(**filled)
    message["Date"] = format_datetime(now())
    message["Message-ID"] = f"<{letter.message_id}@{mail_from.rpartition('@')[2]}>"
    message["Content-Language"] = language
    message["Auto-Submitted"] = "auto-generated"
    paragraphs = [
        said.hello.format(**filled),
        said.opening.format(**filled),
        f"{said.link}\n{letter.url}",
        said.lasts,
        said.unwanted.format(**filled),
        f"-- \n{said.footer.format(**filled)}",
    ]
    message.set_content("\n\n".join(paragraphs) + "\n")
    return message


def _language(locale: str) -> str:
    language = locale.replace("_", "-").partition("-")[0].lower()
    return language if language in _all() else _FALLBACK


@lru_cache(maxsize=1)
def _all() -> dict[str, dict[str, Words]]:
    read = {file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in _FOLDER.glob("*.yml")}
    return {
        language: {kind: Words.model_validate(said) for kind, said in kinds.items()} for language, kinds in read.items()
    }
