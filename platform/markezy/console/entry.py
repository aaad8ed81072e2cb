"""The way in, by password and code, and the way out."""

from markezy.accounts import api as accounts
from markezy.accounts.api import staff, visitor
from markezy.console.forms import field, refusal
from markezy.console.pages import LOGIN, instead, own_path, render
from markezy.kernel.errors import Problem, TooManyRequests, Unauthenticated
from markezy.kernel.http import Call, Reply, endpoint

_LONGEST_EMAIL = 320
_DONE = {"reset": "login.done.reset", "joined": "login.done.joined"}
"""What brought the user here, as the redirects of `letters.py` say it."""


@endpoint(visitor, instead, audit=None)
def login_form(call: Call) -> Reply:
    """The login form; whoever is logged in already goes on."""
    wanted = own_path(call.query.get("next"))
    try:
        staff()(call.request, call.services)
    except Problem:
        return _form(call, wanted)
    return Reply.redirect(wanted)


@endpoint(visitor, instead, kind="login", audit="session.opened")
def log_in(call: Call) -> Reply:
    """Open a browser session and go where the user wanted to go, or ask for the code of their second factor."""
    email, wanted = field(call, "email"), own_path(field(call, "next"))
    try:
        opened = accounts.console_log_in(
            call.connection, call.services, email, field(call, "password"), call.client_address, device_of(call)
        )
    except (Unauthenticated, TooManyRequests) as problem:
        return _form(call, wanted, email, problem)
    if isinstance(opened, accounts.Pending):
        return _code_form(call, wanted, opened.token)
    return Reply.redirect(wanted, (opened,))


@endpoint(visitor, instead, kind="login", audit="session.opened")
def confirm(call: Call) -> Reply:
    """The second step: open the session by a code, or by a recovery code."""
    pending, wanted = field(call, "pending"), own_path(field(call, "next"))
    try:
        cookie = accounts.console_confirm(
            call.connection, call.services, pending, field(call, "code"), call.client_address, device_of(call)
        )
    except TooManyRequests as problem:
        return _code_form(call, wanted, pending, problem)
    except Unauthenticated as problem:
        if "code_required" in problem.extra:
            return _code_form(call, wanted, pending, problem)
        return _form(call, wanted, problem=problem, key="login.code.late")
    return Reply.redirect(wanted, (cookie,))


@endpoint(staff(), instead, audit="session.ended")
def log_out(call: Call) -> Reply:
    """End the browser session."""
    if call.principal.session_id is None:
        raise Unauthenticated("Please log in.")
    cookie = accounts.console_log_out(call.connection, call.services, call.tenant_id, call.principal.session_id)
    return Reply.redirect(LOGIN, (cookie,))


def device_of(call: Call) -> accounts.Device:
    """The browser behind a request."""
    return accounts.device_of(call.client_address, call.request.headers.get("user-agent", ""))


def _form(call: Call, wanted: str, email: str = "", problem: Problem | None = None, key: str = "login.error") -> Reply:
    told = None if problem is None else refusal(problem, {Unauthenticated: key})
    status = 200 if problem is None else problem.status
    done = _DONE.get(call.query.get("done", ""))
    return render(
        call.request, "login.html", status, next=wanted, email=email[:_LONGEST_EMAIL], refusal=told, done=done
    )


def _code_form(call: Call, wanted: str, pending: str, problem: Problem | None = None) -> Reply:
    told = None if problem is None else refusal(problem, {Unauthenticated: "login.code.error"})
    status = 200 if problem is None else problem.status
    return render(call.request, "login_code.html", status, next=wanted, pending=pending, refusal=told)
