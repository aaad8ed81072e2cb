"""For how long an agency keeps things, what that would remove now, and the run that removes it (docs/decisions/0015).

A run goes through the classes one after the other, a few rows in each transaction. Killed between two of them it loses nothing: what was
removed is counted in the transaction that removed it, and whoever goes on with the run finds what is left.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Connection, text

from markezy.accounts import api as accounts
from markezy.handover import api as handover
from markezy.kernel.clock import now
from markezy.kernel.db import Database
from markezy.kernel.logging import get_logger
from markezy.kernel.old_rows import Removable
from markezy.kernel.outbox import DEAD_LETTERS, enqueue, open_about
from markezy.leads import api as leads
from markezy.privacy import export_repository
from markezy.privacy import retention_repository as repository
from markezy.privacy.classes import DataClass, checked, classes
from markezy.privacy.exports import GIVEN_UP_AFTER
from markezy.privacy.model import DueLead, Period, Preview, Reason, RetentionRun
from markezy.privacy.service import request_erasure
from markezy.resuming import api as resuming
from markezy.strategies import api as strategies

log = get_logger(__name__)

Transaction = Callable[[], AbstractContextManager[Connection]]
_Place = tuple[datetime, UUID]

ROWS: Mapping[str, Removable] = {
    "files": leads.OLD_FILES,
    "messages": leads.OLD_MESSAGES,
    "letters": resuming.OLD_LETTERS,
    "exports": export_repository.OldExports(),
    "sessions": accounts.OLD_SESSIONS,
    "password_resets": accounts.OLD_RESETS,
    "invitations": accounts.OLD_INVITATIONS,
    "failed_work": DEAD_LETTERS,
}
"""What each class that is no leads consists of."""

_SHOWN_LEADS = 100
_AT_ONCE = 100
"""Leads or rows in one transaction: few enough that it is short, for readers of the log wait for the oldest one."""
_AGAIN_AFTER = timedelta(hours=23)
"""Beat looks every hour, so that a run which fell out is caught up soon; each agency has one a day."""
_TENANTS = text("SELECT tenant_ids()")


def periods(connection: Connection, tenant_id: UUID) -> list[Period]:
    """How long the agency keeps each class of data."""
    own = repository.chosen(connection, tenant_id)
    return [
        Period(name, own.get(name, one.days), one.days, one.least, one.most, one.is_leads)
        for name, one in classes().items()
    ]


def save_periods(connection: Connection, tenant_id: UUID, wanted: Mapping[str, int], by: str) -> list[Period]:
    """Keep things for so many days from now on; what is not named has its default again.

    Invalid for an unknown class, and for a period that is too short or too long.
    """
    own = {name: days for name, days in checked(wanted).items() if days != classes()[name].days}
    repository.replace_chosen(connection, tenant_id, own, by)
    return periods(connection, tenant_id)


def preview(connection: Connection, tenant_id: UUID, at: datetime, wanted: Mapping[str, int] | None = None) -> Preview:
    """What a run at this time would remove, with `wanted` in place of some of the agency's periods. Nothing is changed."""
    days = _days(connection, tenant_id) | checked(wanted or {})
    counts: dict[str, int] = {}
    shown: list[DueLead] = []
    for name, one in classes().items():
        before = at - timedelta(days=days[name])
        if not one.is_leads:
            counts[name] = ROWS[name].count(connection, tenant_id, before)
            continue
        due = [lead for page, _ in _pages(connection, tenant_id, one, before) for lead in page]
        counts[name] = len(due)
        shown += [DueLead(lead.id, name, lead.last_activity) for lead in due[: _SHOWN_LEADS - len(shown)]]
    return Preview(counts, tuple(shown), sum(counts[name] for name, one in classes().items() if one.is_leads))


def begin_all(database: Database, at: datetime) -> None:
    """Have every agency's run for today begun; one that fails is logged and does not stop the others."""
    with database.unscoped() as connection:
        tenants = connection.execute(_TENANTS).scalars().all()
    for tenant_id in tenants:
        try:
            with database.transaction(tenant_id) as connection:
                _begin_if_due(connection, tenant_id, at)
        except Exception:
            log.exception("retention.not_begun", tenant_id=str(tenant_id))


def begin(connection: Connection, tenant_id: UUID, at: datetime) -> RetentionRun:
    """A new run, or the one that was not finished."""
    return repository.open_run(connection, tenant_id, at)


def go_on(transaction: Transaction, tenant_id: UUID, run_id: UUID, steps: int | None = None) -> bool:
    """Remove what is past its period, in at most so many transactions; whether the run is finished."""
    place: _Step | None = _Step()
    while place is not None and (steps is None or steps > 0):
        with transaction() as connection:
            place = _take_step(connection, tenant_id, run_id, place)
        steps = None if steps is None else steps - 1
    return place is None


def recent_runs(connection: Connection, tenant_id: UUID, limit: int = 10) -> list[RetentionRun]:
    """The agency's runs, the latest first."""
    return repository.recent_runs(connection, tenant_id, limit)


@dataclass(frozen=True)
class _Step:
    """Where a run is: in which class, and behind which lead of it."""

    turn: int = 0
    after: _Place | None = None


def _take_step(connection: Connection, tenant_id: UUID, run_id: UUID, step: _Step) -> _Step | None:
    """Remove some more; where to go on, None at the end."""
    run = repository.lock_run(connection, tenant_id, run_id)
    if run is None:
        return None
    order = tuple(classes().values())
    if step.turn == len(order):
        repository.finish_run(connection, tenant_id, run_id)
        log.info("retention.finished", **run.removed)
        return None
    one = order[step.turn]
    before = run.started_at - timedelta(days=_days(connection, tenant_id)[one.name])
    if one.is_leads:
        # Those given up a moment ago are at rest still: pages of them alone must not use the steps up.
        pages = _pages(connection, tenant_id, one, before, step.after)
        due, after = next(page for page in pages if page[0] or page[1] is None)
        for lead in due:
            request_erasure(connection, tenant_id, lead.id, "platform", Reason.RETENTION, str(uuid4()))
        removed, following = len(due), _Step(step.turn, after) if after else _Step(step.turn + 1)
    else:
        removed = ROWS[one.name].remove(connection, tenant_id, before, _AT_ONCE)
        following = step if removed == _AT_ONCE else _Step(step.turn + 1)
    if removed:
        repository.count_removed(connection, tenant_id, run, one.name, removed)
    return following


def _pages(
    connection: Connection, tenant_id: UUID, one: DataClass, before: datetime, after: _Place | None = None
) -> Iterator[tuple[list[leads.AtRest], _Place | None]]:
    """The leads of a class that are to be forgotten, some at a time, each time with the place where the next ones begin; at least once."""
    while True:
        found = leads.at_rest(connection, tenant_id, one.states, after, before, _AT_ONCE)
        busy = _busy(connection, tenant_id, found)
        after = (found[-1].last_activity, found[-1].id) if len(found) == _AT_ONCE else None
        yield [lead for lead in found if lead.id not in busy], after
        if after is None:
            return


def _busy(connection: Connection, tenant_id: UUID, found: list[leads.AtRest]) -> set[UUID]:
    """The leads that are forgotten already, that the team is not done with, or about whom work is still to be done."""
    ids = [lead.id for lead in found]
    if not ids:
        return set()
    by_conversation = {lead.conversation_id: lead.id for lead in found}
    by_strategy = strategies.ids_of_leads(connection, tenant_id, ids)
    whose = {id_: id_ for id_ in ids} | by_conversation | by_strategy
    talking = handover.with_open(connection, tenant_id, by_conversation)
    working = open_about(connection, tenant_id, whose)
    asked = repository.given_up(connection, tenant_id, ids)
    copied = export_repository.under_way(connection, tenant_id, ids, now() - GIVEN_UP_AFTER)
    return asked | copied | {whose[one] for one in talking | working}


def _begin_if_due(connection: Connection, tenant_id: UUID, at: datetime) -> None:
    last = next(iter(repository.recent_runs(connection, tenant_id, 1)), None)
    if last is not None and last.finished_at is not None and last.started_at > at - _AGAIN_AFTER:
        return
    run = begin(connection, tenant_id, at)
    if not open_about(connection, tenant_id, {run.id}):
        enqueue(connection, tenant_id, "privacy.retain", {"run_id": str(run.id)}, str(uuid4()))


def _days(connection: Connection, tenant_id: UUID) -> dict[str, int]:
    return {one.data_class: one.days for one in periods(connection, tenant_id)}
