"""The e-mail that tells the team of a lead who waits or left a message, in the agency's language."""

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
from pydantic import BaseModel, ConfigDict

from markezy.kernel.clock import now
from markezy.kernel.mail import NotSent, one_line

_FOLDER = Path(__file__).parent / "words"
_FALLBACK = "en"


class Words(BaseModel):
    """One language. `{…}` stands for what is filled in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    somebody: str
    subjects: dict[str, str]
    opening: dict[str, str]
    reasons: dict[str, str]
    conversation: str
    open: dict[str, str]
    footer: str


@dataclass(frozen=True)
class Letter:
    """What one e-mail is made of. `about` is `request` or `message`; `messages` counts what was said so far."""

    handover_id: UUID
    about: str
    reason: str
    message: str
    lead_name: str | None
    messages: int
    agency: str
    locale: str
    url: str
    recipients: tuple[str, ...]


def compose(letter: Letter, mail_from: str) -> EmailMessage:
    """The message. NotSent when no address is one. Nothing in a name or message can add a header."""
    said = words(letter.locale)
    who = one_line(letter.lead_name or "") or said.somebody
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = Address(one_line(letter.agency), addr_spec=mail_from)
        message["To"] = [
            Address(addr_spec=validate_email(each, check_deliverability=False).normalized) for each in letter.recipients
        ]
    except (EmailNotValidError, ValueError, IndexError):
        raise NotSent("an address is not one that mail can be sent to", final=True) from None
    message["Subject"] = said.subjects[letter.about].format(who=who)
    message["Date"] = format_datetime(now())
    message["Message-ID"] = f"<{letter.about}-{letter.handover_id}@{mail_from.rpartition('@')[2]}>"
    message["Content-Language"] = letter.locale
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n\n".join(_paragraphs(letter, said, who)) + "\n")
    return message


def words(locale: str) -> Words:
    """The words of a language, English for one we do not speak."""
    language = locale.replace("_", "-").partition("-")[0].lower()
    return _all().get(language) or _all()[_FALLBACK]


def _paragraphs(letter: Letter, said: Words, who: str) -> list[str]:
    if letter.about == "message":
        explained = "\n".join(f"> {line}" for line in letter.message.splitlines())
    else:
        explained = said.reasons.get(letter.reason, said.reasons["asked"])
    return [
        said.opening[letter.about].format(who=who),
        explained,
        said.conversation.format(count=letter.messages),
        f"{said.open[letter.about]}\n{letter.url}",
        f"--\n{said.footer.format(agency=one_line(letter.agency))}",
    ]


@lru_cache(maxsize=1)
def _all() -> dict[str, Words]:
    files = _FOLDER.glob("*.yml")
    return {file.stem: Words.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files}
