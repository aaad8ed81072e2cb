"""The staff API as an OpenAPI 3.1 document, made from the routes (https://spec.openapis.org/oas/v3.1.1)."""

import re
from collections.abc import Iterable
from typing import Any

from pydantic.json_schema import models_json_schema

from markezy.kernel.http.operations import Operation

_PREFIX = "/api/v1/"
_PARAMETER = re.compile(r"\{(\w+)\}")
_REFERENCE = "#/components/schemas/{model}"
_WRITES_WITH_KEY = ("POST", "PUT", "PATCH", "DELETE")
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_SCHEMA_OF_PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened and what helps, in a sentence."},
    },
}
_QUERY = {
    "limit": {"type": "integer", "minimum": 1, "maximum": 100},
    "at": {"type": "string", "format": "date-time"},
    "since": {"type": "string", "format": "date-time"},
    "until": {"type": "string", "format": "date-time"},
}


def document(operations: Iterable[Operation], version: str) -> dict[str, Any]:
    """The document. Console pages and the internal API are left out."""
    described = [one for one in operations if one.path.startswith(_PREFIX)]
    models = {one.body for one in described if one.body is not None}
    references, definitions = models_json_schema(
        [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)], ref_template=_REFERENCE
    )
    paths: dict[str, dict[str, Any]] = {}
    for one in described:
        body = None if one.body is None else references[(one.body, "validation")]
        paths.setdefault(one.path, {})[one.method.lower()] = _described(one, body)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Markezy", "version": version, "description": "What an agency's staff and programs may do."},
        "paths": paths,
        "components": {
            "schemas": {"Problem": _SCHEMA_OF_PROBLEM, **definitions.get("$defs", {})},
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An access token of `auth/login`, or an API key.",
                }
            },
        },
    }


def _described(one: Operation, body: dict[str, Any] | None) -> dict[str, Any]:
    if not one.summary:
        raise ValueError(f"{one.name} needs a docstring: it describes the route")
    described: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary.splitlines()[0],
        "description": one.summary,
        "tags": [one.name.split(".")[0]],
        "parameters": [*_path_parameters(one.path), *_query_parameters(one), *_header_parameters(one)],
        "responses": {
            **{str(status): {"description": "Done."} for status in one.statuses},
            "default": {"description": "Refused.", "content": {"application/problem+json": {"schema": _PROBLEM}}},
        },
    }
    if one.access.kind != "anyone":
        described["security"] = [{"bearer": []}]
    if one.access.permission:
        described["x-permission"] = one.access.permission
    if body is not None:
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return described


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _path_schema(name)}
        for name in _PARAMETER.findall(path)
    ]


def _path_schema(name: str) -> dict[str, Any]:
    if name.endswith("_id"):
        return {"type": "string", "format": "uuid"}
    return {"type": "integer", "minimum": 1} if name == "number" else {"type": "string"}


def _query_parameters(one: Operation) -> list[dict[str, Any]]:
    return [{"name": name, "in": "query", "schema": _QUERY.get(name, {"type": "string"})} for name in one.query]


def _header_parameters(one: Operation) -> list[dict[str, Any]]:
    if one.method not in _WRITES_WITH_KEY or one.access.kind == "anyone":
        return []
    schema = {"type": "string", "minLength": 1, "maxLength": 200}
    return [{"name": "Idempotency-Key", "in": "header", "schema": schema}]
