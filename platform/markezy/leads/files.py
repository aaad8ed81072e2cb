"""The files a lead sent as answers. The channels take them in and check their types; here they are read."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from markezy.kernel import personal
from markezy.leads.tables import upload


@dataclass(frozen=True)
class SentFile:
    """A file as the lead sent it: a stranger's bytes, to be saved and never shown as a page of ours."""

    name: str
    media_type: str
    body: bytes


def find_file(
    connection: Connection, tenant_id: UUID, lead_id: UUID, conversation_id: UUID, file_id: UUID
) -> SentFile | None:
    """The file of that id in the lead's conversation, if there is one."""
    query = select(upload.c.name, upload.c.media_type, upload.c.body).where(
        upload.c.tenant_id == tenant_id, upload.c.conversation_id == conversation_id, upload.c.id == file_id
    )
    row = connection.execute(query).one_or_none()
    keys = personal.keys_of_one(connection, tenant_id, lead_id)
    if row is None or keys is None:
        return None
    label = personal.unseal(keys, row.name, "upload.name", tenant_id, file_id)
    body = keys.open(row.body, personal.context("upload.body", tenant_id, file_id))
    return SentFile(label["name"], row.media_type, body)
