"""What was sent in a form, and how a refusal is told to whoever sent it."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from markezy.kernel.errors import Problem, TooManyRequests
from markezy.kernel.http import Call

Refusal = tuple[str, Mapping[str, object]]
"""A key of the catalogue and its values."""
Faults = Mapping[str, str]
"""By field what is wrong with it; "" where a field can be wrong in one way only."""

Model = TypeVar("Model", bound=BaseModel)


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


def upload(call: Call, name: str) -> bytes:
    """The file that was chosen in a field; empty when none was."""
    files: Any = call.request.files or {}
    chosen = files.get(name)
    return bytes(chosen.body) if chosen else b""


def checked(model: type[Model], given: Mapping[str, Any]) -> tuple[Model | None, Faults]:
    """The values that a domain accepts; None with the fields it does not."""
    try:
        return model.model_validate(given), {}
    except ValidationError as error:
        faults: dict[str, str] = {}
        for one in error.errors(include_url=False, include_input=False):
            faults.setdefault(str(one["loc"][0]), str(one.get("ctx", {}).get("fault", "")))
        return None, faults


def refusal(problem: Problem, keys: Mapping[type[Problem], str]) -> Refusal:
    """What to tell about this problem; one that has no key here is raised again."""
    if isinstance(problem, TooManyRequests):
        return "login.throttled", {"minutes": -(-problem.retry_after // 60)}
    key = keys.get(type(problem))
    if key is None:
        raise problem
    return key, {}
