"""One turn of one conversation: what the channel tells the stores, and what they tell it back."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

Entry = dict[str, Any]
"""A transcript entry as docs/contracts.md describes it."""


class AlreadyProcessed(Exception):
    """The message's inbox row is already processed: its answer is the events `first_version` to `last_version`."""

    def __init__(self, first_version: int, last_version: int) -> None:
        super().__init__(f"the message is already answered by versions {first_version} to {last_version}")
        self.first_version = first_version
        self.last_version = last_version


class StaleTurn(Exception):
    """The conversation moved on (or the message was answered) elsewhere meanwhile: nothing of this turn was stored."""


class UnknownConversation(Exception):
    """No such conversation in this tenant. Conversations are created by their channel, never by Rasa."""


class UnknownMessage(Exception):
    """The current turn's message has no row in the inbox. A message is accepted there before it is answered."""


class ActionFailed(Exception):
    """An action of the turn failed. Nothing was stored: the message stays pending and is tried again."""


class MalformedSenderId(ValueError):
    """The text is not `<tenant id>_<conversation id>`."""


@dataclass
class Turn:
    """The message being answered. The tracker store fills the lower half when it has committed."""

    tenant_id: str
    conversation_id: str
    channel: str
    message_id: str
    correlation_id: str
    staff: str = ""
    """The id of the member of staff whose doing the platform tells; empty for everything else."""

    messages: list[Entry] = field(default_factory=list)
    """The turn's transcript entries, the visitor's own first."""
    first_version: int | None = None
    last_version: int | None = None

    @property
    def sender_id(self) -> str:
        return sender_id(self.tenant_id, self.conversation_id)

    @property
    def replies(self) -> list[Entry]:
        """What the lead is shown in answer to the message."""
        return [entry for entry in self.messages if entry["from"] != "visitor"]


current_turn: ContextVar[Turn | None] = ContextVar("current_turn", default=None)
"""Set by the channel around `agent.handle_message`; unset when Rasa touches a tracker for another reason."""


@contextmanager
def taking(turn: Turn) -> Iterator[Turn]:
    """Make `turn` the current one for the block."""
    token = current_turn.set(turn)
    try:
        yield turn
    finally:
        current_turn.reset(token)


def sender_id(tenant_id: str, conversation_id: str) -> str:
    """Rasa's name of a conversation."""
    return f"{tenant_id}_{conversation_id}"


def parse_sender_id(text: str) -> tuple[str, str]:
    """Tenant and conversation id of Rasa's `sender_id`; only the canonical spelling is accepted."""
    tenant_id, _, conversation_id = text.partition("_")
    if not (_is_canonical(tenant_id) and _is_canonical(conversation_id)):
        raise MalformedSenderId("a sender id is <tenant id>_<conversation id>, both UUIDs in canonical form")
    return tenant_id, conversation_id


def _is_canonical(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
