"""Idempotency keys: the same write sent twice has one effect and one answer (IETF draft-ietf-httpapi-idempotency-key-header)."""

import hashlib
import json
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import Column, DateTime, LargeBinary, SmallInteger, Table, Text, Uuid, select, text
from sqlalchemy.dialects.postgresql import insert

from envelope.keys import Keys
from markezy.kernel import personal
from markezy.kernel.db import metadata
from markezy.kernel.errors import Invalid, Malformed
from markezy.kernel.http.calls import Call, Reply

idempotency_key = Table(
    "idempotency_key",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request_hash", LargeBinary, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("response", LargeBinary, nullable=False),
    Column("lead_id", Uuid),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

_COLUMN = "idempotency_key.response"
_LONGEST_KEY = 200
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


def answer_once(call: Call, handle: Callable[[], Reply], lead_id: UUID | None = None) -> Reply:
    """`handle()`, or the stored answer when this tenant's key was used before for the very same request.

    Only JSON answers to writes are stored, and only successful ones: a refused write may be corrected under the same key. An answer
    that says `no-store` holds a secret and is not stored either: its handler runs again. What holds a lead's words, because the path
    names the lead (`lead_id`) or the reply says whom it is `about`, is sealed under that lead's key and gone with it.
    """
    given = call.request.headers.get("idempotency-key")
    if given is None or call.request.method not in ("POST", "PUT", "PATCH", "DELETE") or not call.principal.tenant_id:
        return handle()
    if not 0 < len(given) <= _LONGEST_KEY:
        raise Malformed(f"An Idempotency-Key has 1 to {_LONGEST_KEY} characters.")
    # The caller is part of the key: nobody gets an answer that was meant for somebody else.
    key = f"{call.principal.kind}:{call.principal.id}:{given}"
    request_hash = _hash(call)
    call.connection.execute(_LOCK, {"key": f"{call.tenant_id}:{key}"})
    stored = call.connection.execute(
        select(idempotency_key).where(idempotency_key.c.tenant_id == call.tenant_id, idempotency_key.c.key == key)
    ).one_or_none()
    if stored is not None:
        if stored.request_hash != request_hash:
            raise Invalid("This Idempotency-Key was used for a different request; take a new one.")
        keys = _keys(call, stored.lead_id)
        if keys is None:
            return handle()
        return Reply(stored.status, personal.unseal(keys, stored.response, _COLUMN, call.tenant_id, key))
    reply = handle()
    if reply.status < 300 and reply.media_type == "application/json" and not _is_secret(reply):
        about = lead_id or reply.about
        keys = _keys(call, about)
        if keys is not None:
            answer = json.loads(reply.payload() or b"null")
            call.connection.execute(
                insert(idempotency_key).values(
                    tenant_id=call.tenant_id, key=key, request_hash=request_hash, status=reply.status, lead_id=about,
                    response=personal.seal(keys, answer, _COLUMN, call.tenant_id, key),
                )
            )  # fmt: skip
    return reply


def _is_secret(reply: Reply) -> bool:
    """A secret that is shown once must not lie here for a second time."""
    return "no-store" in reply.headers.get("Cache-Control", "")


def _keys(call: Call, lead_id: UUID | None) -> Keys | None:
    """What an answer is sealed under: the agency's key, or that of the lead it is about; None once they were erased."""
    if lead_id is None:
        return personal.tenant_keys(call.connection, call.tenant_id)
    return personal.keys_of_one(call.connection, call.tenant_id, lead_id)


def _hash(call: Call) -> bytes:
    request = call.request
    asked = f"{request.path}?{request.query_string}" if request.query_string else request.path
    return hashlib.sha256(f"{request.method} {asked}\n".encode() + request.body).digest()
