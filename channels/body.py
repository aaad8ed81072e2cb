"""Reading a JSON body from somebody we don't know: bounded, strict, and nothing PostgreSQL would choke on."""

import asyncio
import json
import math
import uuid
from typing import Any, NoReturn

from sanic.request import Request

from channels.problem import Invalid, Malformed, NotFound, TooLarge, TooSlow

MAX_BODY = 64 * 1024
MAX_DEPTH = 16
_LARGEST_INTEGER = 2**53
"""Beyond it, JSON readers disagree about a number (RFC 8259, section 6)."""
_PATIENCE = 20.0
"""Seconds a body may take to arrive."""
_PATIENCE_FOR_FILES = 120.0


async def read_object(request: Request) -> dict[str, Any]:
    """The JSON object in the request's body. The route must be registered with `stream=True`, so that nothing larger
    than `MAX_BODY` is ever held."""
    return parse_object(await read_bytes(request, MAX_BODY, _PATIENCE))


async def read_bytes(request: Request, limit: int, patience: float = _PATIENCE_FOR_FILES) -> bytes:
    """The request's body, of `limit` bytes at most, within `patience` seconds. For routes registered with `stream=True`."""
    try:
        return await asyncio.wait_for(_read(request, limit), patience)
    except asyncio.TimeoutError:
        raise TooSlow("The request's body did not arrive in time.") from None


async def _read(request: Request, limit: int) -> bytes:
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise TooLarge(_too_large(limit))
    received = bytearray()
    async for chunk in request.stream:
        received += chunk
        if len(received) > limit:
            raise TooLarge(_too_large(limit))
    return bytes(received)


def _too_large(limit: int) -> str:
    size = f"{limit // 2**20} MB" if limit >= 2**20 else f"{limit // 2**10} KB"
    return f"A request may hold {size} at most."


def parse_object(raw: bytes) -> dict[str, Any]:
    """The JSON object in `raw`, checked to the last string."""
    value = _parse(raw)
    if not isinstance(value, dict):
        raise Malformed("The request's body must be a JSON object.")
    check_value(value)
    return value


def _parse(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise Malformed("The request's body is not valid UTF-8.") from None
    except (ValueError, RecursionError):
        raise Malformed("The request's body is not valid JSON.") from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def check_value(value: Any, depth: int = 0) -> None:
    """Refuse what jsonb can't store or other readers would see differently."""
    if depth > MAX_DEPTH:
        raise Invalid("The request's body is nested too deeply.")
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise Invalid("A number in the request's body is too large.")
    elif isinstance(value, int):
        if abs(value) > _LARGEST_INTEGER:
            raise Invalid("A number in the request's body is too large.")
    elif isinstance(value, dict):
        for key, part in value.items():
            _check_text(key)
            check_value(part, depth + 1)
    elif isinstance(value, list):
        for part in value:
            check_value(part, depth + 1)


def _check_text(text: str) -> None:
    if "\0" in text:
        raise Invalid("A text must not contain the NUL character.")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Invalid("A text contains half of a surrogate pair.") from None


def text_field(body: dict[str, Any], name: str, limit: int) -> str:
    """The required text `name`, with something in it besides blanks."""
    value = body.get(name)
    if not isinstance(value, str):
        raise Invalid(f'"{name}" must be a text.')
    if not value.strip():
        raise Invalid(f'"{name}" must not be empty.')
    if len(value) > limit:
        raise Invalid(f'"{name}" may hold {limit} characters at most.')
    return value


def uuid_field(body: dict[str, Any], name: str) -> str:
    """The required UUID `name`, in canonical form."""
    value = body.get(name)
    canonical = canonical_uuid(value) if isinstance(value, str) else None
    if canonical is None:
        raise Invalid(f'"{name}" must be a UUID.')
    return canonical


def uuid_in_path(value: str, what: str) -> str:
    """A UUID from the path; anything else names nothing."""
    canonical = canonical_uuid(value)
    if canonical is None:
        raise NotFound(f"There is no such {what}.")
    return canonical


def canonical_uuid(value: str) -> str | None:
    """`value` in lower case when it is a UUID in the usual 8-4-4-4-12 spelling, else None."""
    try:
        canonical = str(uuid.UUID(value))
    except ValueError:
        return None
    return canonical if canonical == value.lower() else None
