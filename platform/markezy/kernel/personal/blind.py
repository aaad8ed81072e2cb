"""Looking up what is sealed: keyed digests of words, which tell nothing to whoever has no index key."""

import hashlib
import hmac
import unicodedata
from collections.abc import Collection, Iterable
from uuid import UUID

import regex
from sqlalchemy import Connection, delete, intersect, select
from sqlalchemy.dialects.postgresql import insert

from markezy.kernel.personal.keys import index_key
from markezy.kernel.personal.tables import blind_index

_DIGEST_BYTES = 12
_WORD = regex.compile(r"[\p{L}\p{N}]+(?:['’][\p{L}]+)?")
_LONGEST = 64
"""Characters of a word that count."""


def blind(connection: Connection, tenant_id: UUID, kind: str, word: str) -> bytes:
    """The digest under which `word` is looked up among those of `kind`; case and accents don't count."""
    return _digest(index_key(connection, tenant_id), kind, folded(word))


def index_words(connection: Connection, tenant_id: UUID, kind: str, words: Iterable[tuple[UUID, str]]) -> None:
    """Let leads be found by these words, besides the ones they are found by already."""
    secret = index_key(connection, tenant_id)
    rows = {(_digest(secret, kind, folded(word)), lead_id) for lead_id, word in words}
    if not rows:
        return
    connection.execute(
        insert(blind_index).on_conflict_do_nothing(),
        [
            {"tenant_id": tenant_id, "kind": kind, "digest": digest, "lead_id": lead_id}
            # In one order everywhere, so that two writers can't wait for each other.
            for digest, lead_id in sorted(rows)
        ],
    )


def replace_words(
    connection: Connection, tenant_id: UUID, kind: str, lead_ids: Collection[UUID], words: Iterable[tuple[UUID, str]]
) -> None:
    """Let these leads be found by these words of `kind`, and no longer by others."""
    forget_words(connection, tenant_id, lead_ids, kind)
    index_words(connection, tenant_id, kind, words)


def forget_words(connection: Connection, tenant_id: UUID, lead_ids: Collection[UUID], kind: str | None = None) -> None:
    """Let these leads not be found any more, by words of `kind` or by any."""
    statement = delete(blind_index).where(blind_index.c.tenant_id == tenant_id, blind_index.c.lead_id.in_(lead_ids))
    connection.execute(statement if kind is None else statement.where(blind_index.c.kind == kind))


def leads_with(connection: Connection, tenant_id: UUID, kinds: Collection[str], text: str, limit: int) -> list[UUID]:
    """Leads that have every word of `text` under at least one of `kinds`; the ones created last first. No word: no lead."""
    secret = index_key(connection, tenant_id)
    wanted = sorted(words_of(text))
    if not wanted:
        return []
    matches = (
        select(blind_index.c.lead_id).where(
            blind_index.c.tenant_id == tenant_id,
            blind_index.c.kind.in_(kinds),
            blind_index.c.digest.in_([_digest(secret, kind, word) for kind in kinds]),
        )
        for word in wanted
    )
    every = intersect(*matches).subquery()
    # Ids are UUIDv7: they sort by time.
    found = select(every.c.lead_id).order_by(every.c.lead_id.desc()).limit(limit)
    return list(connection.execute(found).scalars())


def words_of(text: str) -> set[str]:
    """The words of a text as they are indexed, without case and accents."""
    return {folded(word)[:_LONGEST] for word in _WORD.findall(text)}


def folded(text: str) -> str:
    """`text` without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))[:_LONGEST]


def _digest(secret: bytes, kind: str, word: str) -> bytes:
    return hmac.digest(secret, f"{kind}\n{word}".encode(), hashlib.sha256)[:_DIGEST_BYTES]
