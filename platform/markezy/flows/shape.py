"""From what somebody sent to a definition as it is stored, or to what is wrong with its shape."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from pydantic import ValidationError

from markezy.flows.checks import Finding
from markezy.flows.definition import FlowDefinition, parse_definition
from markezy.kernel.errors import Invalid

_MEND = "Write this place as docs/flow.schema.json and docs/flows.md say."


def stored_form(definition: Mapping[str, Any]) -> dict[str, Any]:
    """The definition as plain JSON, without what has its default; Invalid with `findings` when its shape is wrong.

    Equal definitions have equal stored forms, however they were written.
    """
    findings = misshapen(definition)
    if findings:
        raise Invalid(f"This is not a flow yet: {len(findings)} problem(s) found.", findings=as_json(findings))
    stored: dict[str, Any] = parse_definition(dict(definition)).model_dump(mode="json", exclude_defaults=True)
    return stored


def misshapen(definition: Mapping[str, Any]) -> list[Finding]:
    """What keeps it from being a definition at all, whatever it means."""
    try:
        FlowDefinition.model_validate(dict(definition))
    except ValidationError as error:
        return [
            Finding("/".join(str(step) for step in item["loc"]), "malformed", item["msg"], _MEND)
            for item in error.errors(include_url=False, include_input=False)
        ]
    return [
        Finding(at, "malformed", "A text can't contain the NUL character.", "Remove the character.")
        for at in _with_nul(definition)
    ]


def as_json(findings: list[Finding]) -> list[dict[str, Any]]:
    """Findings as problem documents and answers show them."""
    return [asdict(finding) for finding in findings]


def _with_nul(part: Any, at: str = "") -> Iterator[str]:
    """Places of texts that PostgreSQL's jsonb can't hold."""
    if isinstance(part, str):
        if "\0" in part:
            yield at
    elif isinstance(part, Mapping):
        for key, value in part.items():
            yield from _with_nul(value, f"{at}/{key}".removeprefix("/"))
    elif isinstance(part, list | tuple):
        for place, value in enumerate(part):
            yield from _with_nul(value, f"{at}/{place}")
