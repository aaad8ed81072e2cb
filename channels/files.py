"""Files a visitor sends as answers: what is taken, where it is kept, and what the assistant is told of it."""

import asyncio
import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import uuid_utils

from channels.conversations import Conversation
from channels.database import Connection
from channels.problem import Invalid, NotFound, TooLarge, UnsupportedMedia

LARGEST = 10 * 1024 * 1024
_MOST_FILES = 20
_MOST_BYTES = 50 * 1024 * 1024
_LONGEST_NAME = 120
_QUESTION = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class Upload:
    """A file that was looked at and may be kept."""

    question: str
    name: str
    media_type: str
    size: int
    sha256: bytes


def described(arguments: Any) -> tuple[str, str]:
    """The question and the file's name out of a request's query; Invalid when they say neither."""
    question, name = arguments.get("question") or "", _plain_name(arguments.get("name") or "")
    if not _QUESTION.fullmatch(question):
        raise Invalid('"question" must be the id of the question that asks for the file.')
    if not name:
        raise Invalid('"name" must be the file\'s name.')
    return question, name


def examine(question: str, name: str, content_type: str, body: bytes) -> Upload:
    """The file as what it says it is; UnsupportedMedia when its type isn't taken or its first bytes belie it."""
    if not body:
        raise Invalid("The file is empty.")
    media_type = content_type.split(";", maxsplit=1)[0].strip().lower()
    bears_out = _TYPES.get(media_type)
    if bears_out is None:
        raise UnsupportedMedia("Files of this type are not taken. Send a PDF, an image, an Office document or a text.")
    if not bears_out(body):
        raise UnsupportedMedia("The file is not of the type it says it is.")
    return Upload(question, name, media_type, len(body), hashlib.sha256(body).digest())


async def keep(connection: Connection, conversation: Conversation, upload: Upload, body: bytes) -> dict[str, Any]:
    """Store the file and tell what it is called from now on; the same file for the same question is kept once.

    TooLarge when the conversation holds as much as one may.
    """
    tenant_id, keys = conversation.tenant_id, conversation.keys
    await connection.execute(
        "SELECT FROM conversation WHERE tenant_id = %s AND id = %s FOR NO KEY UPDATE", (tenant_id, conversation.id)
    )
    cursor = await connection.execute(
        "SELECT id, question, name, size FROM upload WHERE tenant_id = %s AND conversation_id = %s",
        (tenant_id, conversation.id),
    )
    kept = await cursor.fetchall()
    label = {"name": upload.name, "sha256": upload.sha256.hex()}
    for row in kept:
        if row["question"] == upload.question and _label(conversation, row) == label:
            return _told(str(row["id"]), upload)
    if len(kept) >= _MOST_FILES or sum(row["size"] for row in kept) + upload.size > _MOST_BYTES:
        raise TooLarge(f"A conversation may hold {_MOST_FILES} files and {_MOST_BYTES // 2**20} MB at most.")
    id_ = str(uuid_utils.uuid7())
    await connection.execute(
        "INSERT INTO upload (tenant_id, id, conversation_id, question, name, media_type, size, body)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            tenant_id,
            id_,
            conversation.id,
            upload.question,
            keys.seal_json(label, f"upload.name/{tenant_id}/{id_}"),
            upload.media_type,
            upload.size,
            # Megabytes are sealed: too long to let every other conversation wait.
            await asyncio.to_thread(keys.seal, body, f"upload.body/{tenant_id}/{id_}"),
        ),
    )
    return _told(id_, upload)


async def find(connection: Connection, conversation: Conversation, file_id: str) -> dict[str, Any]:
    """What the assistant is told of a file that is sent as an answer; NotFound unless it is this conversation's."""
    cursor = await connection.execute(
        "SELECT id, name, size, media_type FROM upload WHERE tenant_id = %s AND conversation_id = %s AND id = %s",
        (conversation.tenant_id, conversation.id, file_id),
    )
    row = await cursor.fetchone()
    if row is None:
        raise NotFound("There is no such file in this conversation. Send it again, please.")
    name = _label(conversation, row)["name"]
    return {"file": file_id, "name": name, "size": row["size"], "media_type": row["media_type"]}


def _label(conversation: Conversation, row: dict[str, Any]) -> dict[str, str]:
    """The file's name and the digest of its content."""
    context = f"upload.name/{conversation.tenant_id}/{row['id']}"
    label: dict[str, str] = conversation.keys.open_json(row["name"], context)
    return label


def _told(id_: str, upload: Upload) -> dict[str, Any]:
    return {"id": id_, "name": upload.name, "size": upload.size, "media_type": upload.media_type}


def _plain_name(name: str) -> str:
    """The last part of a path, without what a file system or a page could take amiss; the ending is kept."""
    last = re.split(r"[/\\]", name)[-1]
    printable = "".join(char for char in last if unicodedata.category(char)[0] not in "CZ" or char == " ")
    trimmed = printable.strip(" .")
    if len(trimmed) <= _LONGEST_NAME:
        return trimmed
    stem, dot, ending = trimmed.rpartition(".")
    return (
        f"{stem[: _LONGEST_NAME - len(ending) - 1]}{dot}{ending}"
        if dot and len(ending) < 10
        else trimmed[:_LONGEST_NAME]
    )


def _begins(*starts: bytes) -> Callable[[bytes], bool]:
    return lambda body: body.startswith(starts)


def _is_webp(body: bytes) -> bool:
    return body[:4] == b"RIFF" and body[8:12] == b"WEBP"


def _is_text(body: bytes) -> bool:
    try:
        return "\0" not in body.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _office(folder: str) -> Callable[[bytes], bool]:
    """An Office document is a ZIP archive with a table of contents and a folder of its kind; nothing is unpacked."""

    def check(body: bytes) -> bool:
        try:
            names = zipfile.ZipFile(io.BytesIO(body)).namelist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            return False
        return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)

    return check


_OFFICE = "application/vnd.openxmlformats-officedocument."
_TYPES: Mapping[str, Callable[[bytes], bool]] = {
    "application/pdf": _begins(b"%PDF-"),
    "image/png": _begins(b"\x89PNG\r\n\x1a\n"),
    "image/jpeg": _begins(b"\xff\xd8\xff"),
    "image/gif": _begins(b"GIF87a", b"GIF89a"),
    "image/webp": _is_webp,
    f"{_OFFICE}wordprocessingml.document": _office("word/"),
    f"{_OFFICE}spreadsheetml.sheet": _office("xl/"),
    f"{_OFFICE}presentationml.presentation": _office("ppt/"),
    "text/plain": _is_text,
    "text/csv": _is_text,
}
