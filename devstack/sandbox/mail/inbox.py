"""Captured e-mails, one `.eml` file each, newest first."""

import asyncio
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class CapturedMail:
    """One e-mail as it came in."""

    id: str
    message: EmailMessage

    @property
    def attachments(self) -> list[EmailMessage]:
        return [part for part in self.message.iter_attachments() if isinstance(part, EmailMessage)]

    def body(self, kind: str) -> str | None:
        """The `plain` or `html` text."""
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part else None


class MailInbox:
    """A folder of captured e-mails; also aiosmtpd's handler that fills it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        content = envelope.content or b""
        await asyncio.to_thread(self._keep, content if isinstance(content, bytes) else content.encode())
        return "250 Message accepted for delivery"

    def _keep(self, content: bytes) -> None:
        number = len(list(self._folder.glob("*.eml"))) + 1
        path = self._folder / f"{number:06d}-{uuid.uuid4().hex[:8]}.eml"
        draft = path.with_suffix(".draft")
        draft.write_bytes(content)
        os.replace(draft, path)

    def all(self) -> Iterator[CapturedMail]:
        for path in sorted(self._folder.glob("*.eml"), reverse=True):
            yield _parse(path)

    def find(self, mail_id: str) -> CapturedMail | None:
        return next((_parse(path) for path in self._folder.glob("*.eml") if path.stem == mail_id), None)


def _parse(path: Path) -> CapturedMail:
    message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(path.read_bytes())
    return CapturedMail(path.stem, message)
