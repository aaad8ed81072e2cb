"""What of a request goes into the audit, and when (docs/decisions/0017-audit.md): one place, so that no route can forget it."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sanic import Request
from sqlalchemy import Connection

from markezy.kernel import audit
from markezy.kernel.audit import Entry, Notes
from markezy.kernel.http.calls import Access, Principal, Services
from markezy.kernel.http.origin import network_of, program_of
from markezy.kernel.limits import rules
from markezy.kernel.logging import security_log

UNDECIDED = ""
"""What a route says that has nothing to say about the audit."""

_REFUSALS = (401, 403, 404)
"""A refused look or change is worth an entry. A change that failed for another reason has changed nothing and shown nothing."""
_READING = frozenset({"GET", "HEAD"})
_FILTERS = frozenset(
    {"action", "actor", "at", "lead", "lead_id", "outcome", "q", "search", "since", "state", "status", "until"}
)
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")


def action_of(decided: str | None, access: Access, name: str) -> str | None:
    """The action a route's requests are written down as; None when they are not. One of staff that said nothing has its own name."""
    if decided == UNDECIDED:
        return name if access.kind == "staff" else None
    return decided


class Trail:
    """The audit of one request."""

    def __init__(
        self,
        action: str | None,
        route: str,
        kind: str | None,
        request: Request,
        correlation_id: str,
        path: dict[str, Any],
    ) -> None:
        self._action = action
        self._route = route
        self._is_login = kind == rules.LOGIN
        self._request = request
        self._correlation_id = correlation_id
        self._path = path
        self._services: Services = request.app.ctx.services
        self.notes = Notes()
        self.afterwards: list[Callable[[], None]] = []
        """What is written after the answer, so that its time does not tell whether there is such an account."""

    def answered(self, connection: Connection, principal: Principal, status: int) -> None:
        """The handler's transaction is about to commit with this answer."""
        status = self.notes.status or status
        self._tell_security(principal, status)
        entry = self._entry(principal, status)
        if entry is None:
            return
        if principal.tenant_id is None and status in _REFUSALS:
            self.afterwards.append(lambda: self._write_apart(entry))
        elif self._request.method in _READING and self._request.headers.get("hx-request"):
            audit.write_unless_seen(connection, entry)
        else:
            audit.write(connection, entry)

    def refused(self, principal: Principal | None, status: int) -> None:
        """The request ended with a refusal, and its transaction, if there was one, is rolled back."""
        self._tell_security(principal, status)
        entry = None if principal is None else self._entry(principal, status)
        if entry is None or principal is None:
            return
        if principal.tenant_id is None:
            self.afterwards.append(lambda: self._write_apart(entry))
        else:
            self._write_apart(entry)

    def write_afterwards(self) -> None:
        for write in self.afterwards:
            write()

    def _write_apart(self, entry: Entry) -> None:
        with self._services.database.transaction(entry.tenant_id) as connection:
            audit.write(connection, entry)

    def _tell_security(self, principal: Principal | None, status: int) -> None:
        if status == 403:
            who = {} if principal is None else {"tenant_id": str(principal.tenant_id), "principal": principal.id}
            security_log.warning("access.refused", route=self._route, **who)
        elif status == 429 and self._is_login:
            security_log.warning("login.throttled", route=self._route)

    def _entry(self, principal: Principal, status: int) -> Entry | None:
        notes = self.notes
        action, tenant_id = notes.action or self._action, principal.tenant_id or notes.tenant_id
        if action is None or tenant_id is None or (status >= 400 and status not in _REFUSALS):
            return None
        kind, id_ = notes.actor or _actor(principal)
        subject = notes.subject or _subject(self._path)
        entry = Entry(
            tenant_id, kind, id_, action, status, self._correlation_id, principal.session_id,
            lead_id=notes.lead_id or self._path.get("lead_id"),
            filters=tuple(sorted(_FILTERS & self._request.args.keys())) if self._request.method in _READING else (),
            network=network_of(self._services.door.client_address(self._request)),
            program=program_of(self._request.headers.get("user-agent", "")),
        )  # fmt: skip
        return entry if subject is None else replace(entry, subject_kind=subject[0], subject_id=subject[1])


def _actor(principal: Principal) -> tuple[str, str]:
    return ("anonymous", "-") if principal.tenant_id is None else (principal.kind, principal.id)


def _subject(path: dict[str, Any]) -> tuple[str, str] | None:
    """The thing that the address leads to: the last one it names. A token in an address is a secret and names nothing."""
    for name, value in reversed(path.items()):
        if name.endswith("_id"):
            return name.removesuffix("_id"), str(value)
        if name == "slug" and _SLUG.fullmatch(value):
            return "flow", value
    return None
