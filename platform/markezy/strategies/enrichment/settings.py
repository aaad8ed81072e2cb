"""What an agency configured for its language model."""

from dataclasses import dataclass, field
from decimal import ROUND_UP, Decimal

ENRICHABLE = ("summary", "situation", "audience", "positioning", "content", "next")
"""Sections whose prose may be rewritten; the others are figures and rules."""


@dataclass(frozen=True)
class ModelSettings:
    """An OpenAI-compatible endpoint and what may be spent on it.

    `monthly_cap` is in the currency of the prices, which are for a million tokens; with a cap of 0 nothing is asked.
    """

    base_url: str
    model: str
    api_key: str = field(repr=False)
    sections: tuple[str, ...]
    monthly_cap: Decimal
    price_in: Decimal
    price_out: Decimal
    active: bool

    def price_of(self, tokens_in: int, tokens_out: int) -> Decimal:
        """What so many tokens cost, rounded up to a millionth, as costs are kept."""
        exact = (self.price_in * tokens_in + self.price_out * tokens_out) / 1_000_000
        return exact.quantize(Decimal("0.000001"), ROUND_UP)
