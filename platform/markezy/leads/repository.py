"""All SQL of the lead domain."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, Table, and_, delete, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from envelope.keys import Keys
from markezy.kernel import personal
from markezy.kernel.events import STORED, Event, event, opened
from markezy.leads.model import Answer, AtRest, Lead, LeadState, LeadSummary, Person
from markezy.leads.search import found_by_words
from markezy.leads.tables import lead, lead_answer

_PERSONAL = ("name", "email", "phone", "company", "page")
"""Of a lead, kept in one box."""
_LEAD = tuple(lead.c[one.name] for one in fields(Lead) if one.name not in (*_PERSONAL, "answers"))
_SUMMARY = tuple(lead.c[one.name] for one in fields(LeadSummary) if one.name not in _PERSONAL)
_CONTENT = ("label", "value", "display")
"""Of an answer, kept in one box."""
_ANSWER = tuple(lead_answer.c[one.name] for one in fields(Answer) if one.name not in _CONTENT)


def leads_of_conversations(connection: Connection, tenant_id: UUID, conversations: Collection[UUID]) -> list[Lead]:
    """The leads of these conversations with their answers, in two queries however many they are."""
    query = select(*_LEAD, lead.c.personal).where(
        lead.c.tenant_id == tenant_id, lead.c.conversation_id.in_(conversations)
    )
    return _leads(connection, tenant_id, query)


def leads_of_ids(connection: Connection, tenant_id: UUID, lead_ids: Collection[UUID]) -> list[Lead]:
    """These leads with their answers, in no order."""
    query = select(*_LEAD, lead.c.personal).where(lead.c.tenant_id == tenant_id, lead.c.id.in_(lead_ids))
    return _leads(connection, tenant_id, query)


def find_lead(connection: Connection, tenant_id: UUID, lead_id: UUID) -> Lead | None:
    """The lead with its answers."""
    found = leads_of_ids(connection, tenant_id, (lead_id,))
    return found[0] if found else None


def summaries(
    connection: Connection,
    tenant_id: UUID,
    after: tuple[datetime, UUID] | None,
    limit: int,
    state: str | None,
    search: str | None,
) -> list[LeadSummary]:
    """Leads, the latest started first."""
    query = select(*_SUMMARY, lead.c.personal).where(lead.c.tenant_id == tenant_id)
    if after is not None:
        query = query.where(tuple_(lead.c.started_at, lead.c.id) < tuple_(*after))
    if state is not None:
        query = query.where(lead.c.state == state)
    if search is not None:
        query = query.where(lead.c.id.in_(found_by_words(connection, tenant_id, search)))
    query = query.order_by(lead.c.started_at.desc(), lead.c.id.desc()).limit(limit)
    return _summaries(connection, tenant_id, query)


def summaries_of(connection: Connection, tenant_id: UUID, lead_ids: Collection[UUID]) -> list[LeadSummary]:
    """These leads, in no order."""
    query = select(*_SUMMARY, lead.c.personal).where(lead.c.tenant_id == tenant_id, lead.c.id.in_(lead_ids))
    return _summaries(connection, tenant_id, query)


def resting(
    connection: Connection, tenant_id: UUID, after: tuple[datetime, UUID], before: datetime, limit: int
) -> list[Lead]:
    """Leads with a question open, with nobody of the team, who were never reminded; the longest at rest first."""
    query = (
        select(*_LEAD, lead.c.personal)
        .where(
            lead.c.tenant_id == tenant_id,
            lead.c.erased_at.is_(None),
            lead.c.state == LeadState.IN_PROGRESS,
            lead.c.completed_at.is_(None),
            lead.c.person == Person.NOBODY,
            lead.c.reminded_at.is_(None),
            lead.c.pending_question.is_not(None),
            tuple_(lead.c.last_message_at, lead.c.id) > tuple_(*after),
            lead.c.last_message_at <= before,
        )
        .order_by(lead.c.last_message_at, lead.c.id)
        .limit(limit)
    )
    return _leads(connection, tenant_id, query)


def at_rest(
    connection: Connection,
    tenant_id: UUID,
    states: Collection[str],
    after: tuple[datetime, UUID] | None,
    before: datetime,
    limit: int,
) -> list[AtRest]:
    """Leads in these states with whom nothing has happened since `before`, nor is a person of the team; the longest at rest first."""
    last_activity = func.coalesce(lead.c.last_message_at, lead.c.started_at)
    query = select(lead.c.id, lead.c.conversation_id, lead.c.state, last_activity).where(
        lead.c.tenant_id == tenant_id,
        lead.c.erased_at.is_(None),
        lead.c.state.in_(states),
        lead.c.person.not_in((Person.WAITING, Person.TALKING)),
        last_activity < before,
    )
    if after is not None:
        query = query.where(tuple_(last_activity, lead.c.id) > tuple_(*after))
    rows = connection.execute(query.order_by(last_activity, lead.c.id).limit(limit))
    return [AtRest(*row) for row in rows]


def last_heard(connection: Connection, tenant_id: UUID, conversations: Collection[UUID]) -> dict[UUID, datetime]:
    """By conversation when the lead last said or tapped something, from the log."""
    query = (
        select(event.c.stream_id, func.max(event.c.occurred_at))
        .where(
            event.c.tenant_id == tenant_id,
            event.c.stream_id.in_(conversations),
            event.c.type == "message.received",
            event.c.actor == "visitor",
        )
        .group_by(event.c.stream_id)
    )
    return dict(connection.execute(query).tuples().all())


def count_by_state(connection: Connection, tenant_id: UUID) -> dict[str, int]:
    query = select(lead.c.state, func.count()).where(lead.c.tenant_id == tenant_id).group_by(lead.c.state)
    return dict(connection.execute(query).tuples().all())


def save(
    connection: Connection, tenant_id: UUID, changes: Sequence[tuple[Lead | None, Lead]], anew: Collection[UUID] = ()
) -> None:
    """Write what changed from the first to the second of each pair, in a fixed number of round trips; of the leads in `anew` all
    there is, so that it lies under their latest key."""
    if not changes:
        return
    keys = personal.for_writing(connection, tenant_id, [now.id for _, now in changes])
    leads = [
        {
            "tenant_id": tenant_id,
            "personal": _sealed_lead(tenant_id, now, keys.get(now.id)),
            **{column.name: getattr(now, column.name) for column in _LEAD},
        }
        for _, now in changes
    ]
    _upsert(connection, lead, ("tenant_id", "id"), leads)
    gone, given = [], []
    for before, now in changes:
        known = before.answers if before else ()
        if now.id in keys:
            given += [
                _sealed_answer(tenant_id, now.id, answer, keys[now.id])
                for answer in now.answers
                if answer not in known or now.id in anew
            ]
        standing = {answer.question for answer in now.answers}
        gone += [(now.id, answer.question) for answer in known if answer.question not in standing]
    if gone:
        place = tuple_(lead_answer.c.lead_id, lead_answer.c.question)
        connection.execute(delete(lead_answer).where(lead_answer.c.tenant_id == tenant_id, place.in_(gone)))
    if given:
        _upsert(connection, lead_answer, ("tenant_id", "lead_id", "question"), given)


def forget_answers(connection: Connection, tenant_id: UUID, lead_ids: Collection[UUID]) -> None:
    """Remove the leads' answers, also those that nobody can open any more."""
    connection.execute(
        delete(lead_answer).where(lead_answer.c.tenant_id == tenant_id, lead_answer.c.lead_id.in_(lead_ids))
    )


def lead_of_conversation(connection: Connection, tenant_id: UUID, conversation_id: UUID) -> str | None:
    """The lead's id from the event that started the conversation: there from the first moment, unlike the read model."""
    query = select(event.c.data["lead_id"].astext).where(
        event.c.tenant_id == tenant_id,
        event.c.stream_id == conversation_id,
        event.c.version == 1,
        event.c.type == "conversation.started",
    )
    return connection.execute(query).scalar()


def events_of_streams(
    connection: Connection,
    tenant_id: UUID,
    after: Mapping[UUID, int],
    limit: int | None = None,
    until: datetime | None = None,
) -> list[Event]:
    """The events of these streams behind a version of each and not later than `until`, in the order in which they were written.

    Each stream grows at its end only, by commits that follow each other, so what is read of it is all up to the last version read.
    Over several streams a position does not promise that: a transaction may commit later and lie before it.
    """
    behind = [and_(event.c.stream_id == stream_id, event.c.version > version) for stream_id, version in after.items()]
    query = select(*STORED).where(event.c.tenant_id == tenant_id, or_(*behind)).order_by(event.c.position).limit(limit)
    if until is not None:
        query = query.where(event.c.occurred_at <= until)
    return opened(connection, (Event(*row) for row in connection.execute(query)))


def beginning(connection: Connection, tenant_id: UUID, conversation_id: UUID) -> Event | None:
    """The first event of a conversation."""
    query = select(*STORED).where(
        event.c.tenant_id == tenant_id, event.c.stream_id == conversation_id, event.c.version == 1
    )
    return next(iter(opened(connection, (Event(*row) for row in connection.execute(query)))), None)


def said(connection: Connection, tenant_id: UUID, conversation_id: UUID) -> list[Event]:
    """The events of a conversation in which somebody said something."""
    query = (
        select(*STORED)
        .where(
            event.c.tenant_id == tenant_id,
            event.c.stream_id == conversation_id,
            event.c.type.in_(("message.received", "message.sent")),
        )
        .order_by(event.c.version)
    )
    return opened(connection, (Event(*row) for row in connection.execute(query)))


def _leads(connection: Connection, tenant_id: UUID, query: Select[Any]) -> list[Lead]:
    rows = connection.execute(query).mappings().all()
    if not rows:
        return []
    keys = personal.keys_of(connection, tenant_id, [row["id"] for row in rows])
    leads = [Lead(**_opened(tenant_id, row, keys.get(row["id"]), _PERSONAL)) for row in rows]
    return _with_answers(connection, tenant_id, leads, keys)


def _summaries(connection: Connection, tenant_id: UUID, query: Select[Any]) -> list[LeadSummary]:
    rows = connection.execute(query).mappings().all()
    keys = personal.keys_of(connection, tenant_id, [row["id"] for row in rows])
    return [LeadSummary(**_opened(tenant_id, row, keys.get(row["id"]), _PERSONAL[:-1])) for row in rows]


def _opened(tenant_id: UUID, row: RowMapping, keys: Keys | None, members: Sequence[str]) -> dict[str, Any]:
    box = personal.unseal(keys, row["personal"], "lead.personal", tenant_id, row["id"]) or {"page": {}}
    plain = {name: value for name, value in row.items() if name != "personal"}
    return {**plain, **{member: box.get(member) for member in members}}


def _sealed_lead(tenant_id: UUID, one: Lead, keys: Keys | None) -> bytes | None:
    if keys is None:
        return None
    members = {member: getattr(one, member) for member in _PERSONAL}
    return personal.seal(keys, members, "lead.personal", tenant_id, one.id)


def _sealed_answer(tenant_id: UUID, lead_id: UUID, answer: Answer, keys: Keys) -> dict[str, Any]:
    content = {member: getattr(answer, member) for member in _CONTENT}
    return {
        "tenant_id": tenant_id,
        "lead_id": lead_id,
        **{column.name: getattr(answer, column.name) for column in _ANSWER},
        "content": personal.seal(keys, content, "lead_answer.content", tenant_id, lead_id, answer.question),
    }


def _with_answers(connection: Connection, tenant_id: UUID, leads: list[Lead], keys: Mapping[UUID, Keys]) -> list[Lead]:
    answers: dict[UUID, list[Answer]] = {one.id: [] for one in leads}
    query = (
        select(lead_answer.c.lead_id, lead_answer.c.content, *_ANSWER)
        .where(lead_answer.c.tenant_id == tenant_id, lead_answer.c.lead_id.in_(answers))
        .order_by(lead_answer.c.ordinal, lead_answer.c.answered_at)
    )
    for row in connection.execute(query).mappings():
        lead_id, question = row["lead_id"], row["question"]
        content = personal.unseal(
            keys.get(lead_id), row["content"], "lead_answer.content", tenant_id, lead_id, question
        )
        if content is not None:
            plain = {column.name: row[column.name] for column in _ANSWER}
            answers[lead_id].append(Answer(**plain, **content))
    return [replace(one, answers=tuple(answers[one.id])) for one in leads]


def _upsert(connection: Connection, table: Table, key: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    statement = insert(table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=changed), rows)
