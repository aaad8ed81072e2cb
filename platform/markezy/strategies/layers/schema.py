"""The JSON Schemas of layers' files, for editors; published as docs/strategy-words.schema.json and docs/strategy-plan.schema.json."""

import json
from typing import Any

from markezy.strategies.layers.parts import WordsPart
from markezy.strategies.numbers.assumptions import PlanPart

_TITLES = {"words": "The words of a strategy's layer", "plan": "The figures of a strategy's layer"}
_NULL = {"type": "null"}


def schema(part: str) -> dict[str, Any]:
    """The schema of `words` or `plan` as data, JSON Schema 2020-12."""
    made = WordsPart.model_json_schema() if part == "words" else _partial(PlanPart.model_json_schema(by_alias=True))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": _TITLES[part]}


def schema_text(part: str) -> str:
    """The schema as its file holds it."""
    return json.dumps(schema(part), indent=2, ensure_ascii=False) + "\n"


def _partial(whole: Any) -> Any:
    """The schema of a layer's share of what `whole` describes: nothing has to be there, and every key may be removed with null."""
    if isinstance(whole, list):
        return [_partial(each) for each in whole]
    if not isinstance(whole, dict):
        return whole
    part = {key: _partial(value) for key, value in whole.items() if key != "required"}
    if "properties" in whole:
        part["properties"] = {name: _or_null(value) for name, value in part["properties"].items()}
    if isinstance(whole.get("additionalProperties"), dict):
        part["additionalProperties"] = _or_null(part["additionalProperties"])
    return part


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    options = schema.get("anyOf", [schema])
    return schema if _NULL in options else {"anyOf": [*options, _NULL]}
