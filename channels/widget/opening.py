"""A visitor's first call: the conversation it opens, once however often it arrives."""

import uuid
from collections.abc import Awaitable, Callable

import uuid_utils
from psycopg.errors import UniqueViolation
from sanic.request import Request

from channels import conversations, inbox
from channels.body import canonical_uuid
from channels.conversations import Conversation
from channels.database import Connection, transaction
from channels.experiments import assign
from channels.inbox import InboxMessage
from channels.problem import Invalid, NotFound, Unavailable
from channels.widget.validation import NewConversation

_UNGUESSABLE = (4, 7)
"""Versions of a UUID that nobody else comes up with: whoever knows the key gets the token of the conversation it opened."""


def opening_key(request: Request) -> str | None:
    """The request's `Idempotency-Key`, if it has one; Invalid unless it is a random UUID."""
    sent = request.headers.get("idempotency-key")
    if sent is None:
        return None
    key = canonical_uuid(sent)
    if key is None or uuid.UUID(key).version not in _UNGUESSABLE:
        raise Invalid("The header `Idempotency-Key` must be a random UUID, made anew for every conversation.")
    return key


async def open_conversation(
    channel: str,
    wanted: NewConversation,
    key: str | None,
    correlation_id: str,
    admit: Callable[[str], Awaitable[None]],
) -> tuple[Conversation, InboxMessage]:
    """The conversation and the message its greeting answers. `admit` raises when the agency found can't take one more.

    The same `key` with the same tenant's widget leads to the same conversation, whatever else is wanted the second time.
    NotFound for an unknown widget key or a flow that isn't published, Unavailable while the agency has nothing to ask.
    """
    async with transaction(None) as connection:
        tenant_id = await conversations.tenant_of_widget_key(connection, wanted.widget_key)
    if tenant_id is None:
        raise NotFound("There is no such widget key.")
    await admit(tenant_id)
    if key is None:
        return await _begin(tenant_id, channel, str(uuid_utils.uuid7()), wanted, correlation_id)
    id_ = str(uuid.uuid5(uuid.UUID(tenant_id), key))
    begun = await _begun(tenant_id, id_, correlation_id)
    if begun is not None:
        return begun
    try:
        return await _begin(tenant_id, channel, id_, wanted, correlation_id)
    except UniqueViolation:
        begun = await _begun(tenant_id, id_, correlation_id)  # the same call, a moment earlier
        if begun is None:
            raise
        return begun


async def _begin(
    tenant_id: str, channel: str, id_: str, wanted: NewConversation, correlation_id: str
) -> tuple[Conversation, InboxMessage]:
    async with transaction(tenant_id) as connection:
        welcome = await conversations.welcome(connection, tenant_id, wanted.flow)
        if welcome is None and wanted.flow is not None:
            raise NotFound("This agency has no published flow of that name.")
        if welcome is None:
            raise Unavailable("This agency has not published its questions yet.", retry_after=60)
        assignment = None if welcome.experiment is None else assign(welcome.experiment, wanted.visitor or id_)
        lead_id = str(uuid_utils.uuid7())
        conversation = Conversation(
            tenant_id=tenant_id,
            id=id_,
            lead_id=lead_id,
            channel=channel,
            locale=wanted.locale or welcome.locale,
            flow_version_id=assignment.variant.flow_version_id if assignment else welcome.flow_version_id,
            keys=await conversations.begin_lead(connection, tenant_id, lead_id),
        )
        await conversations.create(connection, conversation, wanted.page, wanted.hidden, correlation_id, assignment)
        return conversation, await _greeting(connection, conversation, correlation_id)


async def _begun(tenant_id: str, id_: str, correlation_id: str) -> tuple[Conversation, InboxMessage] | None:
    async with transaction(tenant_id) as connection:
        conversation = await conversations.find(connection, tenant_id, id_)
        if conversation is None:
            return None
        return conversation, await _greeting(connection, conversation, correlation_id)


async def _greeting(connection: Connection, conversation: Conversation, correlation_id: str) -> InboxMessage:
    return await inbox.accept(
        connection,
        conversation,
        conversation.channel,
        str(uuid.uuid5(uuid.UUID(conversation.id), "start")),
        {"payload": "/start"},
        correlation_id,
    )
