"""Whether a strategy agrees with its plan, with the lead's answers and with itself."""

from markezy.strategies.checks.coherence.amounts import amounts
from markezy.strategies.checks.coherence.contradictions import contradictions
from markezy.strategies.checks.coherence.dates import dates
from markezy.strategies.checks.coherence.figures import figures
from markezy.strategies.checks.coherence.mentions import mentions
from markezy.strategies.checks.coherence.tables import tables

__all__ = ["amounts", "contradictions", "dates", "figures", "mentions", "tables"]
