"""The files a lead sent as answers. The channels take them in and check their types; here they are read."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from markezy.leads.tables import upload


@dataclass(frozen=True)
class SentFile:
    """A file as the lead sent it: a stranger's bytes, to be saved and never shown as a page of ours."""

    name: str
    media_type: str
    body: bytes


def find_file(connection: Connection, tenant_id: UUID, conversation_id: UUID, file_id: UUID) -> SentFile | None:
    """The conversation's file of that id, if there is one."""
    query = select(upload.c.name, upload.c.media_type, upload.c.body).where(
        upload.c.tenant_id == tenant_id, upload.c.conversation_id == conversation_id, upload.c.id == file_id
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else SentFile(*row)
