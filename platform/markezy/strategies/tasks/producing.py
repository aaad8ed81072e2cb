"""From a qualified lead to the PDFs: write, improve, check, render."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection

from markezy.consents import api as consents
from markezy.kernel.clock import now
from markezy.kernel.errors import NotFound
from markezy.kernel.limits import plan_of
from markezy.kernel.logging import get_logger
from markezy.kernel.task import PermanentFailure, TaskCall, task
from markezy.leads import api as leads
from markezy.strategies import repository
from markezy.strategies.enrichment import repository as models
from markezy.strategies.enrichment.service import improve as improve_words
from markezy.strategies.model import DocumentKind, StrategyStatus
from markezy.strategies.production import inspecting, progress
from markezy.strategies.production.drafting import NotWritable, draft_briefing
from markezy.strategies.production.inspecting import Inspection, Verdict
from markezy.strategies.production.kept import Kept, open_strategy
from markezy.strategies.production.renewing import write_next
from markezy.strategies.production.standing import Step
from markezy.strategies.production.writing import content_of, write_first
from markezy.strategies.rendering.pdf import NotRenderable, Occasion, TookTooLong, render_strategy
from markezy.strategies.tasks.noting import give_up, note

log = get_logger(__name__)

FIRST = 1


@task("strategies.generate")
def generate(call: TaskCall, lead_id: str, edition: int = FIRST) -> None:
    """Write an edition of the qualified lead's strategy. Those beyond the plan's for today are written tomorrow."""
    whose = UUID(lead_id)
    with call.transaction() as connection:
        today = now().replace(hour=0, minute=0, second=0, microsecond=0)
        most = plan_of(connection, call.tenant_id).strategies_per_day
        if most is not None and repository.count_since(connection, call.tenant_id, today) >= most:
            log.warning("strategies.put_off", plan_allows=most)
            call.postpone(connection, today + timedelta(days=1))
            return
        try:
            lead = leads.qualified(connection, call.tenant_id, whose)
        except NotFound as error:
            raise PermanentFailure(str(error)) from error
        if not _may(call, connection, lead):
            log.info("strategies.no_consent", lead_id=lead_id)
            call.complete(connection)
            return
    _tell(call, lead, Step.WRITING)
    try:
        with call.transaction() as connection:
            if edition == FIRST:
                strategy_id = write_first(connection, call.tenant_id, whose)
            else:
                strategy_id = write_next(connection, call.tenant_id, whose, edition)
            if strategy_id is not None:
                note(call, connection, whose, "strategy.generated", strategy_id)
                model = models.find_settings(connection, call.tenant_id)
                following = "strategies.improve" if model is not None and model.active else "strategies.check"
                call.enqueue(connection, following, {"strategy_id": str(strategy_id)})
            call.complete(connection)
    except (NotFound, NotWritable) as error:
        raise _stopped(call, lead, None, Step.WRITING, error) from error
    if strategy_id is None:
        _tell(call, lead, None)


@task("strategies.improve")
def improve(call: TaskCall, strategy_id: str) -> None:
    """Have the agency's language model rephrase, when it can; the strategy goes on either way."""
    kept = _kept(call, strategy_id)
    better = None
    if kept.strategy.status == StrategyStatus.GENERATED and kept.strategy.model is None:
        _tell(call, kept.case.lead, Step.IMPROVING)
        try:
            names = inspecting.channel_names(kept)
        except NotWritable as error:
            raise _stopped(call, kept.case.lead, kept.strategy.id, Step.IMPROVING, error) from error
        better = improve_words(call.transaction, call.settings, call.tenant_id, kept.document, kept.case.lead, names)
    with call.transaction() as connection:
        if better is not None:
            enriched, model = better
            changed = {**content_of(enriched.document, kept.case), "model": model}
            repository.change_strategy(connection, call.tenant_id, kept.strategy, StrategyStatus.GENERATED, **changed)
        call.enqueue(connection, "strategies.check", {"strategy_id": strategy_id})
        call.complete(connection)


@task("strategies.check")
def check(call: TaskCall, strategy_id: str) -> None:
    """Hold the strategy against everything it must not be; then it is rendered, replaced, or held for staff."""
    kept = _kept(call, strategy_id)
    if kept.strategy.status != StrategyStatus.GENERATED:
        with call.transaction() as connection:
            call.complete(connection)
        return
    _tell(call, kept.case.lead, Step.CHECKING)
    try:
        found = inspecting.inspect(kept)
    except NotWritable as error:
        raise _stopped(call, kept.case.lead, kept.strategy.id, Step.CHECKING, error) from error
    for finding in found.findings:
        log.warning("strategies.finding", strategy_id=strategy_id, **finding.for_log())
    with call.transaction() as connection:
        if inspecting.settle(connection, call.tenant_id, kept, found):
            _follow_up(call, connection, kept, found)
        call.complete(connection)
    if found.verdict is Verdict.HELD:
        _tell(call, kept.case.lead, None)


def _follow_up(call: TaskCall, connection: Connection, kept: Kept, found: Inspection) -> None:
    """What the verdict asks for, in the transaction that keeps it."""
    strategy = kept.strategy
    if found.verdict is Verdict.PASSED:
        call.enqueue(connection, "strategies.render", {"strategy_id": str(strategy.id)})
    elif found.verdict is Verdict.HELD:
        note(call, connection, strategy.lead_id, "strategy.held", strategy.id)
    elif found.without is not None:
        note(call, connection, strategy.lead_id, "strategy.set_aside", strategy.id)
        replacing = inspecting.replace_edition(connection, call.tenant_id, kept, found.without)
        if replacing is not None:
            note(call, connection, strategy.lead_id, "strategy.generated", replacing)
            call.enqueue(connection, "strategies.check", {"strategy_id": str(replacing)})


@task("strategies.render")
def render(call: TaskCall, strategy_id: str) -> None:
    """Make the lead's PDF and the team's briefing; then the lead hears of it, by chat and e-mail, and so does the CRM."""
    kept = _kept(call, strategy_id)
    if kept.strategy.status != StrategyStatus.CHECKED:
        with call.transaction() as connection:
            call.complete(connection)
        return
    _tell(call, kept.case.lead, Step.RENDERING)
    try:
        bodies = _documents(kept)
    except TookTooLong:
        raise  # to be tried again: as likely as the document, the machine is at fault
    except (NotRenderable, NotWritable) as error:
        raise _stopped(call, kept.case.lead, kept.strategy.id, Step.RENDERING, error) from error
    # Before the deliveries can begin: the one that ends the progress must be the last to speak.
    _tell(call, kept.case.lead, Step.DELIVERING)
    with call.transaction() as connection:
        if repository.insert_document(
            connection, call.tenant_id, kept.strategy.id, bodies[DocumentKind.STRATEGY], DocumentKind.STRATEGY
        ):
            briefing = bodies[DocumentKind.BRIEFING]
            repository.insert_document(connection, call.tenant_id, kept.strategy.id, briefing, DocumentKind.BRIEFING)
            note(call, connection, kept.strategy.lead_id, "strategy.rendered", kept.strategy.id)
            for name in ("strategies.announce", "strategies.email", "crm.sync"):
                call.enqueue(connection, name, {"strategy_id": strategy_id})
        call.complete(connection)


def _documents(kept: Kept) -> dict[DocumentKind, bytes]:
    """Both PDFs. What staff are told is in the words of the same versions."""
    occasion = Occasion.of(kept.case, kept.strategy.created_at)
    briefing = draft_briefing(kept.stack, kept.case)
    return {
        DocumentKind.STRATEGY: render_strategy(kept.document, occasion),
        DocumentKind.BRIEFING: render_strategy(briefing, occasion, layout="briefing"),
    }


def _kept(call: TaskCall, strategy_id: str) -> Kept:
    try:
        with call.transaction() as connection:
            return open_strategy(connection, call.tenant_id, UUID(strategy_id))
    except NotFound as error:
        raise PermanentFailure(str(error)) from error


def _may(call: TaskCall, connection: Connection, lead: leads.QualifiedLead) -> bool:
    return consents.may(
        connection, call.tenant_id, lead.lead_id, lead.conversation_id, lead.flow_version_id, consents.STRATEGY
    )


def _stopped(
    call: TaskCall, lead: leads.QualifiedLead, strategy_id: UUID | None, step: Step, error: Exception
) -> PermanentFailure:
    """There is no strategy for now; raise what this gives."""
    _tell(call, lead, None)
    return give_up(call, lead.lead_id, strategy_id, step, str(error))


def _tell(call: TaskCall, lead: leads.QualifiedLead, step: Step | None) -> None:
    progress.tell(call.settings, call.tenant_id, lead, step)
