"""What follows from a bounce or a complaint: the address gets no more mail, and the lead's stream says so.

Anybody can write a report. So it counts only for the recipient that we sent the strategy to, of the agency whose key it came with.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection

from markezy.kernel.errors import Invalid, NotFound
from markezy.kernel.events import NewEvent, append
from markezy.kernel.logging import get_logger
from markezy.strategies import repository
from markezy.strategies.delivery.reports import Kind, Report, read
from markezy.strategies.delivery.suppression import Reason, comparable, index_of, suppress
from markezy.strategies.model import DeliveryChannel, DeliveryStatus
from markezy.strategies.tables import strategy

log = get_logger(__name__)


class Result(StrEnum):
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    NOTED = "noted"
    """The mail server goes on trying, gave up for now, or says something else that changes nothing."""
    IGNORED = "ignored"
    """It is not about the recipient of the strategy's e-mail, or nothing is known of them any more."""


@dataclass(frozen=True)
class Taken:
    result: Result
    strategy_id: UUID
    lead_id: UUID


def take(connection: Connection, tenant_id: UUID, raw: bytes, actor: str, correlation_id: str) -> Taken:
    """Act on a report. Invalid when it is none, NotFound when the agency has no such strategy. The same again changes nothing."""
    report = read(raw)
    found = repository.summaries(connection, tenant_id, strategy.c.id == report.strategy_id)
    if not found:
        raise NotFound("There is no such strategy.")
    lead_id, deliveries = found[0].lead_id, found[0].deliveries
    recipient = next((one.recipient for one in deliveries if one.channel == DeliveryChannel.EMAIL), "")
    result, status = _judge(report, recipient)
    log.info("strategies.mail_report", strategy_id=str(report.strategy_id), result=result, status=status)
    if result in (Result.BOUNCED, Result.COMPLAINED):
        bounced = result is Result.BOUNCED
        suppress(
            connection,
            tenant_id,
            index_of(connection, tenant_id, recipient),
            Reason.BOUNCED if bounced else Reason.COMPLAINED,
        )
        became = DeliveryStatus.BOUNCED if bounced else DeliveryStatus.COMPLAINED
        if repository.note_came_back(connection, tenant_id, report.strategy_id, became):
            data = {"strategy_id": str(report.strategy_id), **({"status": status} if bounced else {})}
            happened = NewEvent(f"strategy.email_{result}", data, actor)
            append(connection, tenant_id, "lead", lead_id, None, [happened], correlation_id)
    return Taken(result, report.strategy_id, lead_id)


def _judge(report: Report, recipient: str) -> tuple[Result, str]:
    """What follows, and the status that says why, of a bounce."""
    if not recipient:
        return Result.IGNORED, ""
    if report.kind is Kind.BOUNCE:
        mine = [one for one in report.failures if _is_named(recipient, one.addresses)]
        if not mine:
            return Result.IGNORED, ""
        final = next((one for one in mine if one.is_final), None)
        return (Result.NOTED, mine[0].status) if final is None else (Result.BOUNCED, final.status)
    # Many providers leave the address out: then it is about whom we sent it to.
    if report.addresses and not _is_named(recipient, report.addresses):
        return Result.IGNORED, ""
    return (Result.COMPLAINED if report.kind is Kind.COMPLAINT else Result.NOTED), ""


def _is_named(recipient: str, addresses: tuple[str, ...]) -> bool:
    return comparable(recipient) in {_comparable(one) for one in addresses}


def _comparable(address: str) -> str | None:
    try:
        return comparable(address)
    except Invalid:
        return None
