"""Static checks: what would surprise a lead in the middle of a flow is found before the flow is published.

One module a subject; each check is a function from a definition to its findings.
"""

from markezy.flows.checks.finding import ERROR, WARNING, Finding, errors_of
from markezy.flows.checks.run import find_problems

__all__ = ["ERROR", "WARNING", "Finding", "errors_of", "find_problems"]
