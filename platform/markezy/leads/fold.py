"""How the events of a conversation, and an erasure, make a lead. Pure: the projection and the look into the past use the same rules."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from markezy.kernel.events import Event
from markezy.leads.model import Answer, Lead, LeadState, Person, TranscriptEntry

_CONTACT = frozenset({"name", "email", "phone", "company"})
"""Questions whose answers are the lead's contact details. They count as soon as they are given: most leads never finish."""

_UNFINISHED = frozenset({LeadState.NEW, LeadState.IN_PROGRESS})


def fold(events: Iterable[Event]) -> Lead | None:
    """The lead that these events make, of their conversation and their own stream; None when they have not come yet."""
    lead = None
    for event in events:
        lead = apply(lead, event)
    return lead


def apply(lead: Lead | None, event: Event) -> Lead | None:
    """The lead after one more event. Types that tell nothing about the lead leave it as it is, and so does everything that was
    under way when they were forgotten."""
    if event.type == "conversation.started":
        return _start(event) if lead is None else lead
    change = _CHANGES.get(event.type)
    return lead if lead is None or lead.erased_at is not None or change is None else change(lead, event)


def transcript_entry(event: Event) -> TranscriptEntry | None:
    """What the event adds to the transcript; None for an event that was not said (docs/contracts.md)."""
    data = event.data
    if event.type == "message.sent":
        return TranscriptEntry(
            id=event.id,
            sender="staff" if event.actor.startswith("staff") else "assistant",
            text=data["text"],
            at=event.occurred_at,
            name=data.get("name"),
            buttons=tuple(data.get("buttons") or ()),
            input=data.get("input"),
            attachment=data.get("attachment"),
            progress=data.get("progress"),
        )
    if event.type == "message.received" and event.actor == "visitor" and data["text"]:
        return TranscriptEntry(
            event.id, "visitor", data["text"], event.occurred_at,
            message_id=data.get("message_id"), question=data.get("question"),
        )  # fmt: skip
    return None


def _start(event: Event) -> Lead:
    data = event.data
    return Lead(
        id=UUID(data["lead_id"]),
        conversation_id=event.stream_id,
        channel=data["channel"],
        locale=data["locale"],
        flow_version_id=UUID(data["flow_version_id"]),
        state=LeadState.NEW,
        started_at=event.occurred_at,
        page=data.get("page") or {},
    )


def _say(lead: Lead, event: Event) -> Lead:
    if transcript_entry(event) is None:
        return lead
    return replace(lead, messages=lead.messages + 1, last_message_at=event.occurred_at)


def _speak(lead: Lead, event: Event) -> Lead:
    return replace(lead, locale=event.data.get("locale") or lead.locale)


def _answer(lead: Lead, event: Event) -> Lead:
    data = event.data
    answer = Answer(
        data["question"], data["label"], data["value"], data["display"], int(data["ordinal"]), event.occurred_at
    )
    answers = (*(one for one in lead.answers if one.question != answer.question), answer)
    state = LeadState.IN_PROGRESS if lead.state == LeadState.NEW else lead.state
    lead = replace(lead, state=state, answers=tuple(sorted(answers, key=lambda one: (one.ordinal, one.answered_at))))
    # A skipped question has the value None; its display only says so.
    detail = answer.value if answer.value is None or isinstance(answer.value, str) else answer.display
    return _with_contact(lead, {answer.question: detail})


def _set_aside(lead: Lead, event: Event) -> Lead:
    question = event.data["question"]
    lead = replace(lead, answers=tuple(one for one in lead.answers if one.question != question))
    return _with_contact(lead, {question: None})


def _score(lead: Lead, event: Event) -> Lead:
    return replace(lead, score=_whole(event.data["score"]))


def _complete(lead: Lead, event: Event) -> Lead:
    data = event.data
    lead = replace(
        lead,
        state=LeadState(data["outcome"]),
        end_id=data["end"],
        score=lead.score if data.get("score") is None else _whole(data["score"]),
        completed_at=event.occurred_at,
        pending_question=None,
    )
    return _with_contact(lead, {key: value for key, value in (data.get("contact") or {}).items() if value})


def _ask(lead: Lead, event: Event) -> Lead:
    return replace(lead, pending_question=event.data["question"])


def _want_person(lead: Lead, _event: Event) -> Lead:
    return replace(lead, wants_person=True, person=Person.WAITING)


def _with_person(person: Person) -> Callable[[Lead, Event], Lead]:
    return lambda lead, _event: replace(lead, person=person)


def _remind(lead: Lead, event: Event) -> Lead:
    return replace(lead, reminded_at=event.occurred_at)


def _stop(lead: Lead, _event: Event) -> Lead:
    # Who was qualified before they said "stop" stays so: the result stands, only the conversation rests.
    return replace(lead, state=LeadState.STOPPED) if lead.state in _UNFINISHED else lead


def _resume(lead: Lead, _event: Event) -> Lead:
    return replace(lead, state=LeadState.IN_PROGRESS) if lead.state == LeadState.STOPPED else lead


def _erase(lead: Lead, event: Event) -> Lead:
    """What is left of a lead who wants to be forgotten: that somebody was there, and how it ended."""
    return replace(
        lead, name=None, email=None, phone=None, company=None, page={}, answers=(), messages=0, last_message_at=None,
        pending_question=None, erased_at=event.occurred_at,
    )  # fmt: skip


def _review(lead: Lead, event: Event) -> Lead:
    return replace(lead, state=LeadState(event.data["state"]))


def _with_contact(lead: Lead, values: Mapping[str, Any]) -> Lead:
    known = {key: value for key, value in values.items() if key in _CONTACT}
    return replace(lead, **known) if known else lead


def _whole(score: float) -> int:
    return round(score)


_CHANGES: Mapping[str, Callable[[Lead, Event], Lead]] = {
    "message.received": _say,
    "message.sent": _say,
    "qualification.started": _speak,
    "qualification.answer_recorded": _answer,
    "qualification.answer_changed": _answer,
    "qualification.answer_set_aside": _set_aside,
    "qualification.scored": _score,
    "qualification.completed": _complete,
    "qualification.question_asked": _ask,
    "qualification.locale_changed": _speak,
    "qualification.person_requested": _want_person,
    "qualification.person_joined": _with_person(Person.TALKING),
    "qualification.person_left": _with_person(Person.NOBODY),
    "qualification.person_declined": _with_person(Person.NOBODY),
    "qualification.team_away": _with_person(Person.AWAY),
    "qualification.message_left": _with_person(Person.NOBODY),
    "qualification.reminded": _remind,
    "qualification.stopped": _stop,
    "qualification.resumed": _resume,
    "lead.reviewed": _review,
    "lead.erased": _erase,
}
"""The whole language of a conversation, and of what was done with the lead, as far as it changes who they are to us."""
