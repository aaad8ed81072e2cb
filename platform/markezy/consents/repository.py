"""All SQL of consents."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, and_, func, select, text
from sqlalchemy.dialects.postgresql import insert

from markezy.consents.model import Asked, ConsentText, Decision, Receipt
from markezy.consents.tables import consent_question, consent_receipt, consent_text
from markezy.kernel.events import event

_TEXT = tuple(consent_text.c[name] for name in ("purpose", "version", "texts", "created_at", "created_by"))
_LOCK_PURPOSE = text("SELECT pg_advisory_xact_lock(hashtextextended('consent ' || :tenant || ' ' || :purpose, 0))")
_DECIDED = ("qualification.consent_recorded", "qualification.consent_withdrawn", "consent.withdrawn")


def lock_purpose(connection: Connection, tenant_id: UUID, purpose: str) -> None:
    """Versions of a purpose's text are numbered in turn."""
    connection.execute(_LOCK_PURPOSE, {"tenant": str(tenant_id), "purpose": purpose})


def latest_text(connection: Connection, tenant_id: UUID, purpose: str) -> ConsentText | None:
    """The purpose's newest text."""
    query = (
        select(*_TEXT)
        .where(consent_text.c.tenant_id == tenant_id, consent_text.c.purpose == purpose)
        .order_by(consent_text.c.version.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else ConsentText(*row)


def add_text(
    connection: Connection, tenant_id: UUID, purpose: str, version: int, texts: Mapping[str, str], by: UUID | None
) -> None:
    values = {"purpose": purpose, "version": version, "texts": dict(texts), "created_by": by}
    connection.execute(insert(consent_text).values(tenant_id=tenant_id, **values))


def texts(connection: Connection, tenant_id: UUID) -> list[ConsentText]:
    """All texts, by purpose, the newest first."""
    query = select(*_TEXT).where(consent_text.c.tenant_id == tenant_id)
    ordered = query.order_by(consent_text.c.purpose, consent_text.c.version.desc())
    return [ConsentText(*row) for row in connection.execute(ordered)]


def add_question(connection: Connection, tenant_id: UUID, flow_version_id: UUID, asked: Asked) -> None:
    values = {"tenant_id": tenant_id, "flow_version_id": flow_version_id, **vars(asked)}
    connection.execute(insert(consent_question).values(values).on_conflict_do_nothing())


def questions_of(connection: Connection, tenant_id: UUID, flow_version_id: UUID) -> dict[str, Asked]:
    """The consent questions of a flow version."""
    table = consent_question.c
    query = select(table.question, table.purpose, table.version).where(
        table.tenant_id == tenant_id, table.flow_version_id == flow_version_id
    )
    return {row.question: Asked(*row) for row in connection.execute(query)}


def versions_asked(
    connection: Connection, tenant_id: UUID, flow_version_ids: Collection[UUID]
) -> dict[tuple[UUID, str], int]:
    """By flow version and question the version of the text that was asked with."""
    table = consent_question.c
    query = select(table.flow_version_id, table.question, table.version).where(
        table.tenant_id == tenant_id, table.flow_version_id.in_(list(flow_version_ids))
    )
    return {(row.flow_version_id, row.question): row.version for row in connection.execute(query)}


def texts_of(connection: Connection, tenant_id: UUID, flow_version_id: UUID) -> dict[str, ConsentText]:
    """By purpose the newest text a flow version asks with."""
    table = consent_question.c
    query = (
        select(*_TEXT)
        .join_from(
            consent_question,
            consent_text,
            and_(
                consent_text.c.tenant_id == table.tenant_id,
                consent_text.c.purpose == table.purpose,
                consent_text.c.version == table.version,
            ),
        )
        .where(table.tenant_id == tenant_id, table.flow_version_id == flow_version_id)
        .order_by(consent_text.c.version)
    )
    return {row.purpose: ConsentText(*row) for row in connection.execute(query)}


def decisions(
    connection: Connection, tenant_id: UUID, streams: Collection[UUID]
) -> Sequence[tuple[str, Mapping[str, Any]]]:
    """Type and clear members of the events in these streams that decide about a consent, in the order of the log."""
    query = (
        select(event.c.type, event.c.data)
        .where(event.c.tenant_id == tenant_id, event.c.stream_id.in_(list(streams)), event.c.type.in_(_DECIDED))
        .order_by(event.c.occurred_at, event.c.stream_id, event.c.version)
    )
    return [(row.type, row.data) for row in connection.execute(query)]


def add_receipts(connection: Connection, tenant_id: UUID, receipts: Sequence[Mapping[str, Any]]) -> None:
    """Those of the same columns; what is there already stays as it is."""
    rows = [{"tenant_id": tenant_id, **values} for values in receipts]
    connection.execute(insert(consent_receipt).on_conflict_do_nothing(), rows)


def receipts(
    connection: Connection, tenant_id: UUID, lead_id: UUID | None, before: UUID | None, limit: int
) -> list[Receipt]:
    """The newest first; of one lead, or of all."""
    query = _receipts(tenant_id).order_by(consent_receipt.c.id.desc()).limit(limit)
    if lead_id is not None:
        query = query.where(consent_receipt.c.lead_id == lead_id)
    if before is not None:
        query = query.where(consent_receipt.c.id < before)
    return [Receipt(**{**row._mapping, "decision": Decision(row.decision)}) for row in connection.execute(query)]


def _receipts(tenant_id: UUID) -> Select[Any]:
    one = consent_receipt.c
    asked_with = and_(
        consent_text.c.tenant_id == one.tenant_id,
        consent_text.c.purpose == one.purpose,
        consent_text.c.version == one.version,
    )
    proof = and_(
        event.c.tenant_id == one.tenant_id,
        event.c.stream_id == one.stream_id,
        event.c.version == one.stream_version,
    )
    words = func.coalesce(consent_text.c.texts[one.locale].astext, None).label("text")
    return (
        select(
            one.id, one.lead_id, one.purpose, one.decision, one.version, one.locale, words, one.channel, one.actor,
            one.at, one.stream_id, one.stream_version, event.c.hash,
        )
        .outerjoin(consent_text, asked_with)
        .outerjoin(event, proof)
        .where(one.tenant_id == tenant_id)
    )  # fmt: skip
