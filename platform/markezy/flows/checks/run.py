"""All checks, in an order in which later ones may rely on earlier ones."""

from collections.abc import Iterator

from markezy.flows.checks.channels import long_recaps, unfit_for_a_channel
from markezy.flows.checks.choices import alike_options
from markezy.flows.checks.circles import circles, circles_of_fields
from markezy.flows.checks.conditions import conditions
from markezy.flows.checks.finding import Finding, errors_of
from markezy.flows.checks.followed import never_come_by
from markezy.flows.checks.holding import never_or_always
from markezy.flows.checks.overlaps import overlapping_conditions
from markezy.flows.checks.placeholders import placeholders
from markezy.flows.checks.reach import asked_later, unreachable
from markezy.flows.checks.targets import targets, ways_on
from markezy.flows.checks.translations import translations
from markezy.flows.definition import FlowDefinition
from markezy.flows.paths import trace

_IN_THE_WAY = frozenset({"invalid_condition", "unknown_variable", "no_default"})
"""With these, leads can't be followed."""
_DECIDE_EVERYWHERE = ("computed/", "rules/", "scoring/")
"""Expressions that decide at many places: while one is wrong, so is what its values rule out."""


def find_problems(definition: FlowDefinition) -> list[Finding]:
    """Everything that is wrong with the flow or might be; `errors_of` it is what keeps the flow from being published."""
    findings = [
        *targets(definition),
        *ways_on(definition),
        *conditions(definition),
        *translations(definition),
        *alike_options(definition),
        *unfit_for_a_channel(definition),
    ]
    if any(finding.code == "unknown_target" for finding in findings):
        return findings
    around = [*circles(definition), *circles_of_fields(definition)]
    if around:
        return [*findings, *around]
    findings += [*unreachable(definition), *asked_later(definition), *long_recaps(definition)]
    broken = {finding.at for finding in errors_of(findings)}
    alone = list(never_or_always(definition, broken))
    return [*findings, *alone, *_followed(definition, findings, alone), *placeholders(definition, broken)]


def _followed(definition: FlowDefinition, findings: list[Finding], alone: list[Finding]) -> Iterator[Finding]:
    """What shows when leads are followed, unless they can't be."""
    if any(finding.code in _IN_THE_WAY for finding in findings):
        return
    traced = trace(definition)
    wrong = {finding.at for finding in errors_of(findings)}
    if not any(at.startswith(_DECIDE_EVERYWHERE) or at.endswith("/when") for at in wrong):
        yield from never_come_by(definition, traced, wrong, {finding.at for finding in alone})
    yield from overlapping_conditions(definition, traced)
