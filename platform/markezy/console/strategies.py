"""A strategy's pages: what was written and where it came from, what would read differently today, and what staff decide."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Any
from uuid import UUID

from markezy.accounts import api as accounts
from markezy.accounts.api import staff
from markezy.console.differences import pieces
from markezy.console.forms import field
from markezy.console.pages import HOME, REVIEW, instead, render
from markezy.console.viewers import viewer_of
from markezy.kernel import audit
from markezy.kernel.errors import Conflict, Invalid
from markezy.kernel.http import Call, Reply, endpoint
from markezy.leads import api as leads
from markezy.strategies import api as strategies


@endpoint(staff("strategies.read"), instead, audit="strategy.content_read")
def content_page(call: Call, strategy_id: UUID) -> Reply:
    """What was written, each paragraph with the template and the answers it came from, and what the check found in it."""
    explained = strategies.explained(call.connection, call.tenant_id, strategy_id)
    context = _context(call, strategy_id)
    blocks = explained.provenance
    return render(
        call.request, "strategy/page.html",
        explained=explained,
        document=explained.kept.document,
        findings=grouped(explained.findings, explained.headings),
        found_at={block: [one for one in explained.findings if one.place == block] for block in blocks},
        anchor_of=strategies.anchor_of,
        **context,
    )  # fmt: skip


@endpoint(staff("strategies.read"), instead, audit="strategy.changes_read")
def changes_page(call: Call, strategy_id: UUID) -> Reply:
    """What the lead said otherwise since, and what another edition would say instead."""
    explained = strategies.explained(call.connection, call.tenant_id, strategy_id)
    context = _context(call, strategy_id)
    try:
        renewal = strategies.changes_since(call.connection, call.tenant_id, strategy_id)
    except Conflict as problem:
        return render(call.request, "strategy/changes.html", renewal=None, trouble=problem.detail, **context)
    sections = [
        (explained.headings.get(section, ""), [(one, pieces(one.before, one.after)) for one in changes])
        for section, changes in groupby(renewal.blocks, key=lambda one: one.block.partition(".")[0])
    ]
    return render(call.request, "strategy/changes.html", renewal=renewal, sections=sections, **context)


@endpoint(staff("strategies.write"), instead, audit="strategy.approved")
def approve(call: Call, strategy_id: UUID) -> Reply:
    """Let it go to the lead."""
    return _decide(call, strategy_id, strategies.approve, "approved")


@endpoint(staff("strategies.write"), instead, audit="strategy.discarded")
def discard(call: Call, strategy_id: UUID) -> Reply:
    """Keep it from the lead."""
    return _decide(call, strategy_id, strategies.discard, "discarded")


@endpoint(staff("strategies.write"), instead, audit="strategy.requested")
def renew(call: Call, strategy_id: UUID) -> Reply:
    """Have another edition written; one that waits for a decision is discarded with it."""
    found = strategies.get_strategy(call.connection, call.tenant_id, strategy_id)
    audit.lead_is(call.connection, found.lead_id)
    try:
        strategies.ask_for_next(call.connection, call.tenant_id, found.lead_id, call.correlation_id)
        if found.status == "held":
            strategies.discard(call.connection, call.tenant_id, strategy_id, _actor(call), call.correlation_id)
    except Conflict as late:
        audit.outcome_is(call.connection, late.status)
    leads.tell_pages(call.services.redis, call.tenant_id, {found.lead_id})
    return Reply.redirect(f"{HOME}/{found.lead_id}#strategy")


@endpoint(staff("strategies.write"), instead, audit="strategy.requested")
def produce(call: Call, lead_id: UUID) -> Reply:
    """Try again. When one is on its way already, the page shows it."""
    try:
        strategies.ask_for_next(call.connection, call.tenant_id, lead_id, call.correlation_id)
    except Conflict as late:
        audit.outcome_is(call.connection, late.status)
    leads.tell_pages(call.services.redis, call.tenant_id, {lead_id})
    return Reply.redirect(f"{HOME}/{lead_id}#strategy")


@endpoint(staff("strategies.write"), instead, audit="strategy.outcome_recorded")
def record_outcome(call: Call, strategy_id: UUID) -> Reply:
    """Keep what became of it."""
    kind, amount = _told(field(call, "kind")), _amount(field(call, "amount"))
    if kind is not strategies.OutcomeKind.WON:
        amount = None
    currency = None if amount is None else (field(call, "currency").strip().upper() or "EUR")
    strategies.record_outcome(
        call.connection, call.tenant_id, strategy_id, kind, strategies.OutcomeSource.STAFF, call.correlation_id,
        amount=amount, currency=currency, actor=_actor(call),
    )  # fmt: skip
    found = strategies.get_strategy(call.connection, call.tenant_id, strategy_id)
    audit.lead_is(call.connection, found.lead_id)
    leads.tell_pages(call.services.redis, call.tenant_id, {found.lead_id})
    return Reply.redirect(f"{HOME}/{found.lead_id}#strategy")


def grouped(
    findings: tuple[strategies.Finding, ...], headings: Any
) -> list[tuple[strategies.Finding, list[tuple[strategies.Finding, str]]]]:
    """Findings by check, each group with one of its own to name it by; each finding with the heading of its section."""
    checks = list(dict.fromkeys(one.check for one in findings))
    ordered = sorted(findings, key=lambda one: checks.index(one.check))
    groups = [list(group) for _, group in groupby(ordered, key=lambda one: one.check)]
    return [(group[0], [(one, headings.get(one.place.partition(".")[0], "")) for one in group]) for group in groups]


def _context(call: Call, strategy_id: UUID) -> dict[str, Any]:
    found = strategies.get_strategy(call.connection, call.tenant_id, strategy_id)
    audit.lead_is(call.connection, found.lead_id)
    known = leads.summaries_of(call.connection, call.tenant_id, {found.lead_id})
    standing = strategies.standing_of(call.connection, call.tenant_id, found.lead_id, {found.id: found.status})
    return {
        "viewer": viewer_of(call),
        "strategy": found,
        "lead": known.get(found.lead_id),
        "in_production": standing.in_production,
        "may_write": accounts.allows(call.principal.role, "strategies.write"),
    }


def _decide(call: Call, strategy_id: UUID, decide: Callable[..., None], done: str) -> Reply:
    """The queue afterwards; when a colleague was faster, it shows that this one is gone."""
    found = strategies.get_strategy(call.connection, call.tenant_id, strategy_id)
    audit.lead_is(call.connection, found.lead_id)
    try:
        decide(call.connection, call.tenant_id, strategy_id, _actor(call), call.correlation_id)
    except Conflict as late:
        audit.outcome_is(call.connection, late.status)
        done = "decided"
    leads.tell_pages(call.services.redis, call.tenant_id, {found.lead_id})
    return Reply.redirect(f"{REVIEW}?done={done}")


def _told(kind: str) -> strategies.OutcomeKind:
    try:
        return strategies.OutcomeKind(kind)
    except ValueError:
        raise Invalid("There is no such outcome.") from None


def _amount(text: str) -> Decimal | None:
    """The amount as people write it: `1 200,50` and `1,200.50` are the same."""
    digits = "".join(text.split())
    if not digits:
        return None
    if "," in digits and "." in digits:
        digits = digits.replace("," if digits.rindex(".") > digits.rindex(",") else ".", "")
    try:
        return Decimal(digits.replace(",", "."))
    except InvalidOperation:
        raise Invalid("An amount is a number.") from None


def _actor(call: Call) -> str:
    return f"{call.principal.kind}:{call.principal.id}"
