"""What a handler gets (`Call`) and gives (`Reply`)."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import UUID

from pydantic import BaseModel, ValidationError
from redis import Redis
from sanic import Request
from sanic.response import HTTPResponse
from sqlalchemy import Connection

from markezy.kernel.db import Database
from markezy.kernel.errors import Forbidden, Invalid, Malformed, Problem
from markezy.kernel.http.door import Door
from markezy.kernel.settings import Settings
from markezy.kernel.signing import SigningKeys

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Services:
    """What every handler may reach; one per web process, in `app.ctx.services`."""

    settings: Settings
    database: Database
    redis: Redis

    @cached_property
    def signing(self) -> SigningKeys:
        """What signs and checks staff access tokens."""
        return self.settings.signing_keys()

    @cached_property
    def door(self) -> "Door":
        """What holds for a request before its handler runs."""
        return Door(self.settings, self.database)


@dataclass(frozen=True)
class Principal:
    """Who calls. `tenant_id` None means that no tenant is known: the transaction then sees no row."""

    tenant_id: UUID | None
    id: str
    kind: str
    role: str = ""
    session_id: UUID | None = None
    scopes: frozenset[str] = frozenset()
    """What an API key may."""

    def user_id(self) -> UUID:
        """The member of staff who calls; Forbidden when it is a program."""
        if self.kind != "staff":
            raise Forbidden("This needs a person who is logged in; an API key can't do it.")
        return UUID(self.id)


class NotPermitted(Forbidden):
    """Who calls is known, and may not do this."""

    def __init__(self, detail: str, principal: Principal, permission: str) -> None:
        super().__init__(detail, permission=permission)
        self.principal = principal


Authenticator = Callable[[Request, Services], Principal]
"""Finds out who calls or raises Unauthenticated or Forbidden. Runs in a worker thread, so it may block."""


@dataclass(frozen=True)
class Access:
    """Whom an authenticator admits: `anyone`, `staff` or `service`; staff with a permission, where one is needed."""

    kind: str
    permission: str | None = None


def admits(authenticator: Authenticator, kind: str, permission: str | None = None) -> Authenticator:
    """The authenticator, with a note of whom it admits."""
    authenticator.access = Access(kind, permission)  # type: ignore[attr-defined]
    return authenticator


def access_of(authenticator: Authenticator) -> Access:
    """Whom it admits, as `admits` noted it; of one without a note, anyone."""
    noted: Access = getattr(authenticator, "access", Access("anyone"))
    return noted


def anyone(_request: Request, _services: Services) -> Principal:
    """The authenticator of public routes."""
    return Principal(tenant_id=None, id="anonymous", kind="anonymous")


@dataclass(frozen=True)
class Call:
    """One request of an authenticated principal, inside its transaction."""

    request: Request
    services: Services
    principal: Principal
    connection: Connection
    correlation_id: str

    @property
    def tenant_id(self) -> UUID:
        """The principal's tenant; only for routes whose authenticator guarantees one."""
        if self.principal.tenant_id is None:
            raise RuntimeError("this route's authenticator names no tenant")
        return self.principal.tenant_id

    @property
    def settings(self) -> Settings:
        return self.services.settings

    @property
    def client_address(self) -> str:
        """The caller's network address; for counting, never for keeping."""
        return self.services.door.client_address(self.request)

    @property
    def query(self) -> Mapping[str, str]:
        """The query parameters; of a repeated one, the last."""
        return {name: values[-1] for name, values in self.request.args.items()}

    def json(self, model: type[Model]) -> Model:
        """The body as `model`; Malformed when it is no JSON, Invalid with the places when it does not fit."""
        try:
            return model.model_validate_json(self.request.body)
        except ValidationError as error:
            found = [
                {"at": "/".join(str(step) for step in item["loc"]), "problem": item["msg"]}
                for item in error.errors(include_input=False, include_url=False)
            ]
            if error.errors()[0]["type"] == "json_invalid":
                raise Malformed("The body is not valid JSON.") from None
            raise Invalid("Some fields are missing or wrong.", errors=found) from None


@dataclass(frozen=True)
class Reply:
    """An answer. A reply commits the handler's transaction, an exception rolls it back."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json"
    cookies: tuple["Cookie", ...] = ()
    about: UUID | None = None
    """The lead whose words the answer holds, where the path does not name them."""
    afterwards: "Callable[[], Reply] | None" = None
    """What makes the answer once the transaction is over, for what asks something outside or takes long. Meanwhile `status` is what
    the audit is told."""

    @staticmethod
    def html(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> "Reply":
        return Reply(status, text.encode(), headers or {}, "text/html; charset=utf-8")

    @staticmethod
    def file(content: bytes, media_type: str, filename: str, inline: bool = True) -> "Reply":
        """A download, or with `inline` something the browser shows by itself."""
        disposition = f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(filename)}"
        headers = {
            "Content-Disposition": disposition,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        }
        return Reply(200, content, headers, media_type)

    @staticmethod
    def redirect(url: str, cookies: tuple["Cookie", ...] = ()) -> "Reply":
        """See Other: the browser loads `url` by GET."""
        return Reply(303, b"", {"Location": url}, "text/plain", cookies)

    @staticmethod
    def later(work: "Callable[[], Reply]") -> "Reply":
        """The answer that `work` makes once the transaction is committed."""
        return Reply(200, b"", {"Cache-Control": "no-store"}, "text/plain", afterwards=work)

    @staticmethod
    def problem(problem: Problem) -> "Reply":
        """The problem as an answer that still commits, for refusals that leave a trace."""
        document = {"type": "about:blank", "title": problem.title, "status": problem.status, "detail": problem.detail}
        headers = {"Retry-After": str(problem.extra["retry_after"])} if "retry_after" in problem.extra else {}
        return Reply(problem.status, {**document, **problem.extra}, headers, "application/problem+json")

    def payload(self) -> bytes:
        """The body as it goes over the wire."""
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body, ensure_ascii=False, default=_jsonable).encode()

    def response(self) -> HTTPResponse:
        """The same for Sanic."""
        response = HTTPResponse(
            self.payload(), status=self.status, headers=dict(self.headers), content_type=self.media_type
        )
        for cookie in self.cookies:
            response.add_cookie(
                cookie.name, cookie.value, path=cookie.path, httponly=True, secure=cookie.secure, samesite="Strict",
                max_age=cookie.max_age,
            )  # fmt: skip
        return response


@dataclass(frozen=True)
class Cookie:
    """A cookie that scripts can't read and other sites can't send. `max_age` is in seconds; 0 removes it."""

    name: str
    value: str
    max_age: int
    path: str = "/"
    secure: bool = False


def _jsonable(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} can't be written as JSON")
