"""What was sent in a form, and how a refusal is told to whoever sent it."""

from collections.abc import Mapping
from typing import Any

from markezy.kernel.errors import Problem, TooManyRequests
from markezy.kernel.http import Call

Refusal = tuple[str, Mapping[str, object]]
"""A key of the catalogue and its values."""


def field(call: Call, name: str) -> str:
    """The field's text; empty when it is missing."""
    form: Any = call.request.form or {}
    return str(form.get(name) or "")


def fields(call: Call, name: str) -> list[str]:
    """All values of a field that may be sent several times."""
    form: Any = call.request.form or {}
    return [str(value) for value in form.getlist(name) or []]


def one_line(call: Call, name: str, longest: int) -> str:
    """The field's text on one line, as names are."""
    return " ".join(field(call, name).replace("\0", "").split())[:longest]


def refusal(problem: Problem, keys: Mapping[type[Problem], str]) -> Refusal:
    """What to tell about this problem; one that has no key here is raised again."""
    if isinstance(problem, TooManyRequests):
        return "login.throttled", {"minutes": -(-problem.retry_after // 60)}
    key = keys.get(type(problem))
    if key is None:
        raise problem
    return key, {}
