"""A mail server's side: what it took."""

import asyncio
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """Takes every message, except that it gives the `answers` that were put there first."""

    def __init__(self) -> None:
        self.url = ""
        self.taken: list[EmailMessage] = []
        self.answers: list[str] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(0)
        if self.answers:
            return self.answers.pop(0)
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        self.taken.append(BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(raw))
        return "250 taken"
