"""From what a CRM says of a deal to what became of a strategy, each thing told once (docs/decisions/0026)."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from markezy.crm import look_back_repository as repository
from markezy.crm.look_back_repository import DealSync
from markezy.crm.model import DEALS_AT_ONCE, DealNow
from markezy.kernel import personal
from markezy.kernel.clock import now
from markezy.kernel.errors import Conflict, Invalid, NotFound
from markezy.strategies import api as strategies

Transaction = Callable[[], AbstractContextManager[Connection]]
Syncs = Mapping[str, list[DealSync]]
"""By deal the syncs that brought strategies to it, the oldest first."""

_DIGEST = "crm_sync.closed_as"


class _Overtaken(Exception):
    """Somebody else has told of this deal since it was read, or its lead was erased."""


@dataclass(frozen=True)
class Teller:
    """Tells the strategies of one agency what one of its CRMs says of the deals we made there."""

    transaction: Transaction
    tenant_id: UUID
    connection_id: UUID
    correlation_id: str

    def next_deals(self, after: str) -> tuple[str, Syncs]:
        """The next deals to ask for, without those whose lead was forgotten; and behind which deal the rest begins, empty at the end."""
        with self.transaction() as connection:
            ids = repository.deals_after(connection, self.tenant_id, self.connection_id, after, DEALS_AT_ONCE)
            syncs = repository.syncs_of_deals(connection, self.tenant_id, self.connection_id, ids)
            leads = {one.lead_id for each in syncs.values() for one in each}
            alive = personal.keys_of(connection, self.tenant_id, leads)
        rest = ids[-1] if len(ids) == DEALS_AT_ONCE else ""
        return rest, {deal_id: each for deal_id, each in syncs.items() if each[0].lead_id in alive}

    def new_of(self, deals: Sequence[DealNow], known: Syncs) -> list[DealNow]:
        """The deals of which something is to be told."""
        named = {deal_id for one in deals for deal_id in one.merged_with}
        with self.transaction() as connection:
            ours = repository.syncs_of_deals(connection, self.tenant_id, self.connection_id, named)
            return [
                one
                for one in deals
                if _speaks(one, ours)
                and (self._new_end(connection, one, known[one.id]) or _is_new_meeting(one, known[one.id]))
            ]

    def tell(self, deal: DealNow, syncs: list[DealSync]) -> int:
        """Tell what is new of the deal; how many outcomes that was. A lead who was forgotten in the meantime has none."""
        outcomes = 0
        for tell in (self._tell_end, self._tell_meeting):
            try:
                with self.transaction() as connection:
                    outcomes += tell(connection, deal, syncs)
            except (_Overtaken, Conflict, NotFound):
                continue
        return outcomes

    def _tell_end(self, connection: Connection, deal: DealNow, syncs: list[DealSync]) -> bool:
        closed_as = self._new_end(connection, deal, syncs)
        if closed_as is None:
            return False
        sync = _told_of_end(syncs)
        recorded = deal.closed is not None and self._record_end(connection, deal, deal.closed.value, sync.strategy_id)
        if not repository.keep_closed(connection, self.tenant_id, sync, closed_as):
            raise _Overtaken
        return recorded

    def _record_end(self, connection: Connection, deal: DealNow, closed: str, strategy_id: UUID) -> bool:
        kind, (amount, currency) = strategies.OutcomeKind(closed), _paid(deal)
        try:
            return self._record(connection, strategy_id, kind, deal.closed_at, amount=amount, currency=currency)
        except Invalid:
            # An amount that can't be one: what happened is told all the same.
            return self._record(connection, strategy_id, kind, deal.closed_at)

    def _tell_meeting(self, connection: Connection, deal: DealNow, syncs: list[DealSync]) -> bool:
        if not _is_new_meeting(deal, syncs):
            return False
        newest, kind = syncs[-1], strategies.OutcomeKind.MEETING_BOOKED
        recorded = self._record(connection, newest.strategy_id, kind, deal.meeting_at)
        if not repository.keep_meeting(connection, self.tenant_id, newest):
            raise _Overtaken
        return recorded

    def _record(
        self, connection: Connection, strategy_id: UUID, kind: strategies.OutcomeKind, at: datetime | None, **paid: Any
    ) -> bool:
        # A time to come is the CRM's clock, an expected date or the meeting itself: it is known now.
        return strategies.record_outcome(
            connection, self.tenant_id, strategy_id, kind, strategies.OutcomeSource.CRM, self.correlation_id,
            at=min(at or now(), now()), actor=f"crm:{self.connection_id}", **paid,
        )  # fmt: skip

    def _new_end(self, connection: Connection, deal: DealNow, syncs: list[DealSync]) -> bytes | None:
        """The digest of how the deal ended, or that it is open again; None when that was told, or there is no end to tell of."""
        sync = _told_of_end(syncs)
        if deal.closed is None and sync.closed_as is None:
            return None
        amount, currency = _paid(deal)
        words = f"{sync.id} {deal.closed or 'open'} {'' if amount is None else f'{amount:.2f}'} {currency or ''}"
        digest = personal.blind(connection, self.tenant_id, _DIGEST, words)
        return None if digest == sync.closed_as else digest


def _speaks(deal: DealNow, ours: Syncs) -> bool:
    """Of our deals that were merged into one, only the first tells of it: what it earned would count twice."""
    return not deal.merged_with or deal.id == next((one for one in deal.merged_with if one in ours), None)


def _told_of_end(syncs: list[DealSync]) -> DealSync:
    """Whose strategy the deal's end belongs to: the newest at the time it was first told, for good."""
    return next((one for one in syncs if one.closed_as is not None), syncs[-1])


def _is_new_meeting(deal: DealNow, syncs: list[DealSync]) -> bool:
    """Whether a meeting was booked that is none from before the deal, and none was told yet."""
    return (
        deal.meeting_at is not None
        and deal.meeting_at > syncs[0].created_at
        and not any(one.meeting_told for one in syncs)
    )


def _paid(deal: DealNow) -> tuple[Decimal, str] | tuple[None, None]:
    """What was paid, where it is known in full."""
    if deal.closed != "won" or deal.amount is None or deal.currency is None:
        return None, None
    return deal.amount, deal.currency.upper()
