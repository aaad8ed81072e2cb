"""Conditions in CEL, the Common Expression Language (https://cel.dev), compiled once per flow version.

A condition sees `answers` (value by question id), `computed`, `hidden`, `utm`, `channel`, `locale` and `score`.

**Missing answers.** `answers` holds only what was answered on the way to the condition; skipped questions are absent.
A condition that needs an absent answer (or hidden field) in order to be decided does not hold. So both
`answers.x == "a"` and `answers.x != "a"` are false while x is absent; `!has(answers.x)` asks for the absence itself. What
CEL decides without the absent part counts: `answers.x == "a" || true` holds. The same goes for values of a type the
expression can't work with.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cel

VARIABLES = frozenset({"answers", "computed", "hidden", "utm", "channel", "locale", "score"})

_STRING = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_MEMBER = r"\s*(?:\.\s*([A-Za-z_]\w*)|\[\s*(?:'([^'\\]*)'|\"([^\"\\]*)\")\s*\])"
_ANSWER = re.compile(rf"\banswers{_MEMBER}")
_FIELD = re.compile(rf"\bcomputed{_MEMBER}")


class InvalidCondition(ValueError):
    """The expression is no CEL, or uses something conditions don't have."""


@dataclass(frozen=True)
class Facts:
    """What conditions are evaluated on, converted for CEL once and used for any number of conditions."""

    variables: Mapping[str, Any]

    @cached_property
    def context(self) -> "cel.Context":
        return cel.Context(variables=dict(self.variables))


class Condition:
    """One compiled expression; immutable."""

    def __init__(self, source: str) -> None:
        self.source = source
        try:
            self._program = cel.compile(source)
        except ValueError as error:
            raise InvalidCondition(str(error).splitlines()[0]) from None
        # Bound names of comprehensions (`x` in `list.exists(x, …)`) are reported as variables too.
        self.variables = frozenset(self._program.variables())

    def holds(self, facts: Facts) -> bool:
        """Whether the condition is decided and true."""
        try:
            return self._program.execute(facts.context) is True
        except (LookupError, TypeError, ValueError, RuntimeError, ArithmeticError):
            return False

    def value(self, facts: Facts) -> str | int | float | bool | None:
        """What the expression comes to; None when it can't be decided or comes to something else than a plain value."""
        try:
            result = self._program.execute(facts.context)
        except (LookupError, TypeError, ValueError, RuntimeError, ArithmeticError):
            return None
        if isinstance(result, float) and not math.isfinite(result):
            return None
        return result if isinstance(result, str | int | float | bool) else None

    def trial(self, facts: Facts) -> str | None:
        """Why the condition can't be worked out on `facts`, or isn't a yes-or-no; None when all is well."""
        try:
            result = self._program.execute(facts.context)
        except LookupError:
            return None
        except (TypeError, ValueError, RuntimeError, ArithmeticError) as error:
            return str(error).split(". ")[0]
        return None if isinstance(result, bool) else f"the result is {type(result).__name__}, not true or false"

    @cached_property
    def questions(self) -> frozenset[str]:
        """The ids after `answers.` in the source."""
        return self._members(_ANSWER)

    @cached_property
    def fields(self) -> frozenset[str]:
        """The ids after `computed.` in the source."""
        return self._members(_FIELD)

    def _members(self, reference: re.Pattern[str]) -> frozenset[str]:
        outside = _STRING.sub("''", self.source)
        plain = {match.group(1) for match in reference.finditer(outside) if match.group(1)}
        keyed = {match.group(2) or match.group(3) for match in reference.finditer(self.source) if not match.group(1)}
        return frozenset(plain | keyed)
