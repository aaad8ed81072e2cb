"""How exact an estimate is shown: to two significant figures. Rounding keeps the order of what it rounds."""

from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")


def two_figures(value: Decimal) -> Decimal:
    """An amount or a ratio to two significant figures, cents at the finest."""
    return _to(value, _CENT)


def count(value: Decimal) -> Decimal:
    """A number of people, clicks or orders: whole, to two significant figures."""
    return _to(value, Decimal(1))


def _to(value: Decimal, finest: Decimal) -> Decimal:
    if value == 0:
        return Decimal(0)
    unit = max(Decimal(10) ** (value.adjusted() - 1), finest)
    rounded = (value / unit).to_integral_value(ROUND_HALF_UP) * unit
    return Decimal(int(rounded)) if unit >= 1 else rounded
