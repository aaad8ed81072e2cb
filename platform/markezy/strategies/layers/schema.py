"""The JSON Schemas of the parts, for editors; published as docs/strategy-words.schema.json and docs/strategy-plan.schema.json."""

import json
from typing import Any

from markezy.strategies.layers.parts import PlanPart, WordsPart

_TITLES = {"words": "The words of a strategy's layer", "plan": "The figures of a strategy's layer"}


def schema(part: str) -> dict[str, Any]:
    """The schema of `words` or `plan` as data, JSON Schema 2020-12."""
    made = (WordsPart if part == "words" else PlanPart).model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": _TITLES[part]}


def schema_text(part: str) -> str:
    """The schema as its file holds it."""
    return json.dumps(schema(part), indent=2, ensure_ascii=False) + "\n"
