"""One's own account: password, second factor, and where one is logged in."""

from typing import Any
from uuid import UUID

from markezy.accounts import api as accounts
from markezy.accounts.api import staff
from markezy.console.forms import Refusal, field, refusal
from markezy.console.pages import ACCOUNT, instead, render
from markezy.console.viewers import viewer_of
from markezy.kernel import audit
from markezy.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem, TooManyRequests
from markezy.kernel.http import Call, Reply, endpoint

_DONE = {"password": "account.done.password", "factor-off": "account.done.factor_off", "ended": "account.done.ended"}
"""What the redirects below say was done."""
_WRONG = {Forbidden: "account.password.wrong", Invalid: "password.unfit"}


@endpoint(staff(), instead, audit=None)
def account_page(call: Call) -> Reply:
    """Password, second factor, sessions."""
    return _page(call)


@endpoint(staff(), instead, kind="login", audit="password.changed")
def change_password(call: Call) -> Reply:
    """Set a new password; the user's other sessions end."""
    try:
        accounts.change_password(
            call.connection, call.services, _user(call), field(call, "current"), field(call, "new"),
            call.principal.session_id, call.client_address,
        )  # fmt: skip
    except (Forbidden, Invalid, TooManyRequests) as problem:
        return _page(call, problem, password=refusal(problem, _WRONG))
    return Reply.redirect(f"{ACCOUNT}?done=password")


@endpoint(staff(), instead, kind="login", audit="second_factor.begun")
def enrol(call: Call) -> Reply:
    """Show the picture an authenticator app reads, once, and ask for its first code."""
    try:
        enrolment = accounts.enrol_second_factor(
            call.connection, call.services, _user(call), field(call, "password"), call.client_address
        )
    except Conflict as late:
        audit.outcome_is(call.connection, late.status)
        return Reply.redirect(ACCOUNT)
    except (Forbidden, TooManyRequests) as problem:
        return _page(call, problem, factor=refusal(problem, _WRONG))
    return _steps(call, enrolment=enrolment)


@endpoint(staff(), instead, kind="login", audit="second_factor.on")
def confirm(call: Call) -> Reply:
    """Turn the second factor on and show the recovery codes, once."""
    try:
        codes = accounts.confirm_second_factor(
            call.connection, call.services, _user(call), field(call, "code"), call.client_address
        )
    except Conflict as late:
        audit.outcome_is(call.connection, late.status)
        return Reply.redirect(ACCOUNT)
    except (Invalid, TooManyRequests) as problem:
        return _steps(call, problem.status, refusal=refusal(problem, {Invalid: "factor.code.wrong"}))
    return _steps(call, codes=codes)


@endpoint(staff(), instead, kind="login", audit="second_factor.off")
def turn_off(call: Call) -> Reply:
    """Log in by password alone again."""
    try:
        accounts.turn_off_second_factor(
            call.connection, call.services, _user(call), field(call, "password"), call.client_address
        )
    except (Forbidden, TooManyRequests) as problem:
        return _page(call, problem, factor=refusal(problem, _WRONG))
    return Reply.redirect(f"{ACCOUNT}?done=factor-off")


@endpoint(staff(), instead, audit="session.ended")
def end_session(call: Call, session_id: UUID) -> Reply:
    """End one session at once. One that is gone already was what the user wanted."""
    try:
        accounts.end_session(call.connection, _user(call), session_id)
    except NotFound as late:
        audit.outcome_is(call.connection, late.status)
        return Reply.redirect(ACCOUNT)
    return Reply.redirect(f"{ACCOUNT}?done=ended")


@endpoint(staff(), instead, audit="session.others_ended")
def end_others(call: Call) -> Reply:
    """End all sessions but this one."""
    accounts.end_other_sessions(call.connection, _user(call), call.principal.session_id)
    return Reply.redirect(f"{ACCOUNT}?done=ended")


def _page(call: Call, problem: Problem | None = None, **refusals: Refusal) -> Reply:
    user = _user(call)
    has_factor = accounts.has_second_factor(call.connection, user)
    return render(
        call.request,
        "account/page.html",
        200 if problem is None else problem.status,
        viewer=viewer_of(call),
        done=_DONE.get(call.query.get("done", "")),
        refusals={"password": None, "factor": None, **refusals},
        has_factor=has_factor,
        codes_left=accounts.recovery_codes_left(call.connection, user) if has_factor else 0,
        sessions=accounts.open_sessions(call.connection, user),
        current=call.principal.session_id,
    )


def _steps(call: Call, status: int = 200, **shown: Any) -> Reply:
    context = {"enrolment": None, "codes": None, "refusal": None, **shown}
    return render(call.request, "account/second_factor.html", status, viewer=viewer_of(call), **context)


def _user(call: Call) -> accounts.User:
    return accounts.user(call.connection, call.tenant_id, call.principal.user_id())
