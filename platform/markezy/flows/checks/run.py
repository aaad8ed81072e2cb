"""All checks, in an order in which later ones may rely on earlier ones."""

from markezy.flows.checks.channels import too_long_for_a_channel
from markezy.flows.checks.choices import alike_options
from markezy.flows.checks.circles import circles, circles_of_fields
from markezy.flows.checks.conditions import conditions
from markezy.flows.checks.finding import Finding
from markezy.flows.checks.holding import never_or_always
from markezy.flows.checks.placeholders import placeholders
from markezy.flows.checks.reach import asked_later, unreachable
from markezy.flows.checks.targets import targets, ways_on
from markezy.flows.checks.translations import translations
from markezy.flows.definition import FlowDefinition


def find_problems(definition: FlowDefinition) -> list[Finding]:
    """Everything that is wrong with the flow or might be; `errors_of` it is what keeps the flow from being published."""
    findings = [
        *targets(definition),
        *ways_on(definition),
        *conditions(definition),
        *translations(definition),
        *alike_options(definition),
        *too_long_for_a_channel(definition),
    ]
    if any(finding.code == "unknown_target" for finding in findings):
        return findings
    around = [*circles(definition), *circles_of_fields(definition)]
    if around:
        return [*findings, *around]
    findings += [*unreachable(definition), *asked_later(definition)]
    broken = {finding.at for finding in findings}
    return [*findings, *never_or_always(definition, broken), *placeholders(definition, broken)]
