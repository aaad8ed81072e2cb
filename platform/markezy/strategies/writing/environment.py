"""What texts run in: the allowance of a document, what can be shown, and the filters and tests there are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, NoReturn, cast

from jinja2 import StrictUndefined, Undefined, pass_context
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

MOST_TURNS = 10_000
"""Turns of loops in one document; shipped ones take about a hundred."""
MOST_WRITTEN = 8_000
"""Characters one text may come to."""
MOST_IN_DOCUMENT = 400_000
_MOST_IN_LOOP = 200
_LARGEST_FACTOR = Decimal(10) ** 15

WORK = "_work"
"""The variable that holds the allowance; no text can name it."""

FILTERS = (
    "abs",
    "capitalize",
    "default",
    "first",
    "float",
    "int",
    "join",
    "last",
    "length",
    "lower",
    "max",
    "min",
    "round",
    "upper",
)
TESTS = ("defined", "none", "odd", "even", "in")


@dataclass
class Work:
    """What is left of a document's allowance."""

    turns: int = MOST_TURNS
    characters: int = MOST_IN_DOCUMENT

    def turn(self) -> None:
        self.turns -= 1
        if self.turns < 0:
            raise SecurityError("the loops of the document take too many turns")

    def write(self, characters: int) -> None:
        self.characters -= characters
        if self.characters < 0:
            raise SecurityError("the document grows too long")


class Environment(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"+", "-", "*", "/"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic is for figures: a text times a number would be a way to write a gigabyte."""
        return self.binop_table[operator](_figure(left), _figure(right))


def _figure(value: Any) -> Decimal | int:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise SecurityError("only figures can be counted with; texts are joined by ~")
    exact: Decimal | int = Decimal(str(value)) if isinstance(value, float) else value
    if not -_LARGEST_FACTOR < exact < _LARGEST_FACTOR:
        raise SecurityError("the figure is too large")
    return exact


def _shown(value: Any) -> Any:
    if isinstance(value, Undefined):
        str(value)  # says which name is missing
    if isinstance(value, str) and len(value) > MOST_WRITTEN:
        raise SecurityError("the text grows too long")
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return _not_shown(value)


def _not_shown(value: Any) -> NoReturn:
    raise TypeError(
        "there is nothing to show; ask with `if` first"
        if value is None
        else f"a {type(value).__name__} can't be shown; use money, number, percent, between, day or short_day"
    )


@pass_context
def _turns(context: Context, values: Any) -> Iterator[Any]:
    if isinstance(values, Undefined):
        str(values)
    if not isinstance(values, (list, tuple)) or len(values) > _MOST_IN_LOOP:
        raise SecurityError("loops go through short lists")
    work = cast(Work, context.resolve(WORK))
    for value in values:
        work.turn()
        yield value


def _join(values: Any, separator: str = "") -> str:
    if not isinstance(values, (list, tuple)) or len(values) > _MOST_IN_LOOP:
        raise SecurityError("only short lists can be joined")
    return escape(separator).join(_shown(value) for value in values)


def markup(text: str) -> Markup:
    """Inline HTML in which everything that comes from elsewhere has been escaped already."""
    return Markup(text)  # noqa: S704 - see above


def _capitalize(text: Any) -> str:
    """The text with a large first letter; other than Jinja's own it leaves the others as they are."""
    shown = _shown(text)
    if isinstance(shown, Markup):
        return shown[:1].upper() + shown[1:]
    return str(shown)[:1].upper() + str(shown)[1:]


@lru_cache(maxsize=1)
def environment() -> Environment:
    made = Environment(autoescape=True, undefined=StrictUndefined)
    filters: dict[str, Callable[..., Any]] = {name: made.filters[name] for name in FILTERS if name != "capitalize"}
    made.filters = {**filters, "capitalize": _capitalize, "join": _join, "_turns": _turns, "_shown": _shown}
    made.tests = {name: made.tests[name] for name in (*TESTS, "undefined", "sameas")}
    made.globals = {}
    return made
