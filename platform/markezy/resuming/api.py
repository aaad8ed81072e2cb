"""The door to resuming: when unfinished conversations are reminded, and the projection that writes letters.

Functions take a connection whose transaction is scoped to the tenant and never commit.
"""

from uuid import UUID

from sqlalchemy import Connection

from markezy.kernel.errors import Invalid
from markezy.resuming import repository
from markezy.resuming.model import KeptLetter, ResumingSettings
from markezy.resuming.projector import project
from markezy.resuming.reminders import remind_all
from markezy.resuming.repository import OLD_LETTERS

__all__ = [
    "OLD_LETTERS",
    "PROJECTION_NAME",
    "KeptLetter",
    "ResumingSettings",
    "forget_conversation",
    "letters_of",
    "project",
    "read_settings",
    "remind_all",
    "save_settings",
]

PROJECTION_NAME = "resuming"
_LONGEST_REST = 720


def read_settings(connection: Connection, tenant_id: UUID) -> ResumingSettings:
    """The agency's settings, or the defaults."""
    return repository.find_settings(connection, tenant_id)


def save_settings(connection: Connection, tenant_id: UUID, settings: ResumingSettings) -> ResumingSettings:
    """Replace the settings. Invalid for a rest that is too short or too long."""
    if not 1 <= settings.remind_after_hours <= _LONGEST_REST:
        raise Invalid(f"remind_after_hours goes from 1 to {_LONGEST_REST}.")
    repository.save_settings(connection, tenant_id, settings)
    return settings


def forget_conversation(connection: Connection, tenant_id: UUID, conversation_id: UUID) -> dict[str, int]:
    """Remove the letters that lead back into the conversation; how many there were."""
    return repository.forget_conversation(connection, tenant_id, conversation_id)


def letters_of(connection: Connection, tenant_id: UUID, conversation_id: UUID) -> list[KeptLetter]:
    """The letters that lead back into the conversation, oldest first; none once the lead was erased."""
    return repository.all_of(connection, tenant_id, conversation_id)
