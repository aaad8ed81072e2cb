"""What no lead may get: checks of a written strategy before it is delivered.

One module a subject; each check is a function from a reading of the document to its findings. Pure: no I/O but the data files beside it.
"""

from markezy.strategies.checks.finding import Finding, Problem, Severity, blocking
from markezy.strategies.checks.run import find_defects

__all__ = ["Finding", "Problem", "Severity", "blocking", "find_defects"]
