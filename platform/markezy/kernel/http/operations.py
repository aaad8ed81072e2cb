"""What a route is, read from the route itself: who may call it, what it takes, what it answers.

The description can't drift from the code because it is the code: the permission is the authenticator's, the body's model and the
query's parameters are those the handler (and what it hands its `call` to) reads.
"""

import ast
import functools
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from sanic import Sanic

from markezy.kernel.http.calls import Access, Authenticator, access_of

Handler = Callable[..., Any]


@dataclass(frozen=True)
class Operation:
    """One method of one route. `path` is written as OpenAPI does, `/api/v1/leads/{lead_id}`."""

    method: str
    path: str
    name: str
    summary: str
    access: Access
    body: type[BaseModel] | None
    query: tuple[str, ...]
    statuses: tuple[int, ...]
    """Of answers that are no problem."""
    audit: str | None
    """As what its requests are written down; empty when nobody decided."""


def mark(serve: Callable[..., Any], handler: Handler, authenticate: Authenticator, audit: str | None) -> None:
    """Note on the function that Sanic calls which handler it serves, for whom, and as what it is audited."""
    serve.markezy_route = (handler, access_of(authenticate), audit)  # type: ignore[attr-defined]


def name_of(handler: Handler) -> str:
    """What the handler is called in descriptions."""
    return f"{handler.__module__.removeprefix('markezy.')}.{handler.__name__}"


def operations(app: Sanic[Any, Any]) -> list[Operation]:
    """All operations of the application that are made by `@endpoint`, by path and method."""
    found = []
    for route in app.router.routes:
        marked = getattr(route.handler, "markezy_route", None)
        if marked is None:
            continue
        handler, access, audit = marked
        path = "/" + "/".join(_part(part) for part in route.path.split("/"))
        for method in sorted(route.methods - {"OPTIONS", "HEAD"}):
            found.append(_operation(method, path, handler, access, audit))
    return sorted(found, key=lambda one: (one.path, one.method))


def _part(part: str) -> str:
    return f"{{{part[1:-1].split(':', maxsplit=1)[0]}}}" if part.startswith("<") else part


def _operation(method: str, path: str, handler: Handler, access: Access, audit: str | None) -> Operation:
    body, query, statuses = None, [], []
    for function, node in _calls(handler):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="call"), attr="json"), args=[ast.Name(id=name)]):
                body = function.__globals__[name]
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(value=ast.Name(id="call"), attr="query"), attr="get"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                query.append(name)
            case ast.Call(func=ast.Name(id="Reply"), args=[ast.Constant(value=int(status)), *_]):
                statuses.append(status)
            case _:
                pass
    return Operation(
        method,
        path,
        name_of(handler),
        inspect.getdoc(handler) or "",
        access,
        body,
        tuple(dict.fromkeys(query)),
        tuple(sorted(set(statuses))) or (200,),
        audit,
    )


def _calls(handler: Handler) -> Iterator[tuple[Any, ast.Call]]:
    """The calls in a handler, and in the functions of its module to which it hands its `call`."""
    waiting, seen = [handler], {handler}
    while waiting:
        function = waiting.pop()
        for node in ast.walk(_tree(function)):
            if not isinstance(node, ast.Call):
                continue
            yield function, node
            passes_on = any(isinstance(argument, ast.Name) and argument.id == "call" for argument in node.args)
            called = function.__globals__.get(node.func.id) if isinstance(node.func, ast.Name) else None
            if passes_on and inspect.isfunction(called) and called not in seen:
                seen.add(called)
                waiting.append(called)


@functools.cache
def _tree(function: Handler) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))
