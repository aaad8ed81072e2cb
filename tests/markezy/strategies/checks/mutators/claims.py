"""Texts that say something else than the plan: amounts, days, channels."""

from datetime import timedelta
from decimal import Decimal

from markezy.strategies.checks.reading import plain
from markezy.strategies.formats import Formats
from markezy.strategies.writing.document import Kind

from tests.markezy.strategies.checks.documents import Written
from tests.markezy.strategies.checks.mutators.editing import blocks, with_block
from tests.markezy.strategies.checks.mutators.making import Defect, Draw, added, mutator
from tests.markezy.strategies.checks.mutators.tables import absent_channels
from tests.markezy.strategies.checks.sentences import SENTENCES


@mutator
def invented_amount(written: Written, draw: Draw) -> Defect:
    amount = Formats(written.language).money(draw.of([98_765, 54_321, 87_650]), written.plan.facts.currency)
    sentence = SENTENCES[written.language]["amount"].format(amount=amount)
    return added(written, draw, sentence, "coherence", "unknown_amount")


@mutator
def amount_in_another_currency(written: Written, draw: Draw) -> Defect:
    currency = draw.of([code for code in ("EUR", "USD", "GBP", "CHF") if code != written.plan.facts.currency])
    amount = Formats(written.language).money(written.plan.facts.budget or 500, currency)
    sentence = SENTENCES[written.language]["amount"].format(amount=amount)
    return added(written, draw, sentence, "coherence", "other_currency")


@mutator
def invented_share(written: Written, draw: Draw) -> Defect:
    share = Formats(written.language).percent(Decimal("97.3"))
    sentence = SENTENCES[written.language]["amount"].format(amount=share)
    return added(written, draw, sentence, "coherence", "unknown_share", inside=("summary", "budget"))


@mutator
def date_out_of_range(written: Written, draw: Draw) -> Defect:
    plan = written.plan
    day = draw.of([plan.start - timedelta(days=60), plan.end + timedelta(days=12), plan.end + timedelta(days=400)])
    sentence = SENTENCES[written.language]["day"].format(day=Formats(written.language).day(day))
    return added(written, draw, sentence, "coherence", "date_out_of_range")


@mutator
def dates_out_of_order(written: Written, draw: Draw) -> Defect | None:
    """Two rows of the calendar change places."""
    start = Formats(written.language).short_day
    for block in blocks(written.document, Kind.TABLE, inside=("calendar",)):
        firsts = [
            next((step.first for step in written.plan.steps if start(step.first) in map(plain, row)), None)
            for row in block.rows
        ]
        pairs = [
            (one, two)
            for one, first in enumerate(firsts)
            for two, second in enumerate(firsts)
            if first and second and first < second
        ]
        if pairs:
            one, two = draw.of(pairs)
            rows = list(block.rows)
            rows[one], rows[two] = rows[two], rows[one]
            document = with_block(written.document, block, rows=tuple(rows))
            return Defect(document, block.id, "coherence", ("dates_out_of_order",))
    return None


@mutator
def speaks_of_another_channel(written: Written, draw: Draw) -> Defect | None:
    names = [name for name in absent_channels(written) if " " in name]
    if not names:
        return None
    sentence = SENTENCES[written.language]["channel"].format(channel=draw.of(names))
    return added(written, draw, sentence, "coherence", "channel_not_in_plan", inside=("summary", "channels", "budget"))


@mutator
def contradiction(written: Written, draw: Draw) -> Defect:
    facts = written.plan.facts
    rules = [facts.maturity, "has_budget" if facts.budget is not None else "no_budget"]
    sentence = draw.of([SENTENCES[written.language][rule] for rule in rules])
    return added(written, draw, sentence, "coherence", "contradiction")
