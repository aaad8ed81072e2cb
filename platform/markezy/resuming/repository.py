"""All SQL of the resuming domain."""

from collections.abc import Collection
from dataclasses import asdict, fields, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from markezy.kernel import personal
from markezy.kernel.clock import now
from markezy.kernel.old_rows import OldRows
from markezy.resuming.model import KeptLetter, Kind, ResumeLetter, ResumingSettings
from markezy.resuming.tables import resume_letter, resuming_settings

_RECIPIENT = "resume_letter.recipient"
OLD_LETTERS = OldRows(
    resume_letter,
    resume_letter.c.created_at,
    or_(resume_letter.c.sent_at.is_not(None), resume_letter.c.failure.is_not(None)),
)
_LETTER = tuple(resume_letter.c[one.name] for one in fields(ResumeLetter))


def add(connection: Connection, tenant_id: UUID, letter: ResumeLetter) -> bool:
    """False when it was there already, the conversation has had its reminder, or the lead was erased."""
    keys = personal.keys_of_conversation(connection, tenant_id, letter.conversation_id)
    if keys is None:
        return False
    values = {**asdict(letter), "recipient": personal.seal(keys, letter.recipient, _RECIPIENT, tenant_id, letter.id)}
    statement = insert(resume_letter).values(tenant_id=tenant_id, **values).on_conflict_do_nothing()
    return connection.execute(statement.returning(resume_letter.c.id)).first() is not None


def find_unsent(connection: Connection, tenant_id: UUID, letter_id: UUID) -> ResumeLetter | None:
    """The letter, as long as it is still to be sent and its lead was not erased."""
    row = connection.execute(
        select(*_LETTER).where(
            resume_letter.c.tenant_id == tenant_id,
            resume_letter.c.id == letter_id,
            resume_letter.c.sent_at.is_(None),
            resume_letter.c.failure.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    keys = personal.keys_of_conversation(connection, tenant_id, row.conversation_id)
    recipient = personal.unseal(keys, row.recipient, _RECIPIENT, tenant_id, letter_id)
    return None if recipient is None else replace(ResumeLetter(*row), kind=Kind(row.kind), recipient=recipient)


def all_of(connection: Connection, tenant_id: UUID, conversation_id: UUID) -> list[KeptLetter]:
    """The conversation's letters, oldest first; none once the lead was erased."""
    query = (
        select(*_LETTER, resume_letter.c.sent_at, resume_letter.c.failure)
        .where(resume_letter.c.tenant_id == tenant_id, resume_letter.c.conversation_id == conversation_id)
        .order_by(resume_letter.c.created_at, resume_letter.c.id)
    )
    rows = connection.execute(query).all()
    keys = personal.keys_of_conversation(connection, tenant_id, conversation_id) if rows else None
    if keys is None:
        return []
    return [
        KeptLetter(
            row.kind,
            personal.unseal(keys, row.recipient, _RECIPIENT, tenant_id, row.id),
            row.created_at,
            row.sent_at,
            row.failure,
        )
        for row in rows
    ]


def count_links(
    connection: Connection, tenant_id: UUID, conversation_id: UUID, after: datetime, until: datetime
) -> int:
    """How many links this conversation was granted in that time."""
    query = select(func.count()).where(
        resume_letter.c.tenant_id == tenant_id,
        resume_letter.c.conversation_id == conversation_id,
        resume_letter.c.kind == Kind.LINK,
        resume_letter.c.created_at > after,
        resume_letter.c.created_at <= until,
    )
    return connection.execute(query).scalar_one()


def reminded(connection: Connection, tenant_id: UUID, conversations: Collection[UUID]) -> set[UUID]:
    """Those of the conversations that have had their reminder."""
    query = select(resume_letter.c.conversation_id).where(
        resume_letter.c.tenant_id == tenant_id,
        resume_letter.c.conversation_id.in_(conversations),
        resume_letter.c.kind == Kind.REMINDER,
    )
    return set(connection.execute(query).scalars())


def latest_recipient(connection: Connection, tenant_id: UUID, conversation_id: UUID) -> str | None:
    """Where the lead last had a link sent to."""
    query = (
        select(resume_letter.c.id, resume_letter.c.recipient)
        .where(
            resume_letter.c.tenant_id == tenant_id,
            resume_letter.c.conversation_id == conversation_id,
            resume_letter.c.kind == Kind.LINK,
        )
        .order_by(resume_letter.c.created_at.desc(), resume_letter.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    keys = personal.keys_of_conversation(connection, tenant_id, conversation_id)
    recipient: str | None = personal.unseal(keys, row.recipient, _RECIPIENT, tenant_id, row.id)
    return recipient


def note_sent(connection: Connection, tenant_id: UUID, letter_id: UUID) -> None:
    _note(connection, tenant_id, letter_id, sent_at=now())


def note_failed(connection: Connection, tenant_id: UUID, letter_id: UUID, failure: str) -> None:
    _note(connection, tenant_id, letter_id, failure=failure)


def forget_conversation(connection: Connection, tenant_id: UUID, conversation_id: UUID) -> dict[str, int]:
    """Remove the conversation's letters; how many there were."""
    gone = connection.execute(
        delete(resume_letter).where(
            resume_letter.c.tenant_id == tenant_id, resume_letter.c.conversation_id == conversation_id
        )
    )
    return {"letters": gone.rowcount}


def find_settings(connection: Connection, tenant_id: UUID) -> ResumingSettings:
    """The agency's settings, or the defaults."""
    row = connection.execute(
        select(resuming_settings.c.remind, resuming_settings.c.remind_after_hours).where(
            resuming_settings.c.tenant_id == tenant_id
        )
    ).one_or_none()
    return ResumingSettings() if row is None else ResumingSettings(*row)


def save_settings(connection: Connection, tenant_id: UUID, settings: ResumingSettings) -> None:
    statement = insert(resuming_settings).values(tenant_id=tenant_id, **asdict(settings))
    connection.execute(
        statement.on_conflict_do_update(index_elements=[resuming_settings.c.tenant_id], set_=asdict(settings))
    )


def _note(connection: Connection, tenant_id: UUID, letter_id: UUID, **values: object) -> None:
    connection.execute(
        update(resume_letter)
        .where(resume_letter.c.tenant_id == tenant_id, resume_letter.c.id == letter_id)
        .values(**values)
    )
