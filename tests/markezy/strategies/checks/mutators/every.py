"""All mutators: importing a subject registers its own."""

from tests.markezy.strategies.checks.mutators import (  # noqa: F401 - importing registers them
    claims,
    completeness,
    figures,
    language,
    leftovers,
    personal_data,
    readability,
    tables,
)
from tests.markezy.strategies.checks.mutators.making import MUTATORS

__all__ = ["MUTATORS"]
