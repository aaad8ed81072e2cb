"""The pages that the links in letters about accounts lead to: a new password, and joining the team."""

import time

from markezy.accounts import api as accounts
from markezy.accounts.api import visitor
from markezy.console.forms import Refusal, field, one_line, refusal
from markezy.console.pages import LOGIN, instead, render
from markezy.kernel.errors import Conflict, Invalid, NotFound, TooManyRequests
from markezy.kernel.http import Call, Reply, endpoint

_EVEN_SECONDS = 0.25
"""How long asking for a reset takes, whether there is such an account or not: looking on must not tell."""
_LONGEST_NAME = 200


@endpoint(visitor, instead, audit=None)
def forgotten_form(call: Call) -> Reply:
    """Asks for the address of the account."""
    return render(call.request, "letters/forgotten.html", sent=False, email="", refusal=None)


@endpoint(visitor, instead, kind="login", audit=None)
def ask_for_reset(call: Call) -> Reply:
    """Have the link sent. The page is the same whether there is such an account or not."""
    email = field(call, "email")
    started = time.monotonic()
    try:
        accounts.request_reset(
            call.connection,
            call.services,
            email,
            call.client_address,
            call.correlation_id,
        )
    except TooManyRequests as problem:
        told = refusal(problem, {})
        return render(call.request, "letters/forgotten.html", 429, sent=False, email=email[:320], refusal=told)
    time.sleep(max(0.0, _EVEN_SECONDS - (time.monotonic() - started)))
    return render(call.request, "letters/forgotten.html", sent=True, email=email[:320], refusal=None)


@endpoint(visitor, instead, audit=None)
def reset_form(call: Call, token: str) -> Reply:
    """Asks for the new password. Looking at it uses nothing up: mail scanners do that too."""
    try:
        _, user = accounts.reset_behind(call.connection, call.settings, token)
    except NotFound:
        return _over(call, "reset")
    return render(call.request, "letters/reset.html", email=user.email, refusal=None)


@endpoint(visitor, instead, kind="login", audit="password.reset")
def reset(call: Call, token: str) -> Reply:
    """Set the new password; then one logs in with it, and with the code where there is a second factor."""
    try:
        accounts.finish_reset(call.connection, call.services, token, field(call, "password"), call.client_address)
    except NotFound:
        return _over(call, "reset")
    except Invalid:
        _, user = accounts.reset_behind(call.connection, call.settings, token)
        return render(call.request, "letters/reset.html", 422, email=user.email, refusal=("password.unfit", {}))
    return Reply.redirect(f"{LOGIN}?done=reset")


@endpoint(visitor, instead, audit=None)
def invitation_form(call: Call, token: str) -> Reply:
    """Asks whoever was invited for their name and a password."""
    try:
        found = accounts.invitation_behind(call.connection, call.settings, token)
    except NotFound:
        return _over(call, "invitation")
    return _welcome(call, found, found.name)


@endpoint(visitor, instead, kind="login", audit="invitation.accepted")
def accept(call: Call, token: str) -> Reply:
    """Join the team; then one logs in."""
    name = one_line(call, "name", _LONGEST_NAME)
    try:
        accounts.accept_invitation(call.connection, call.settings, token, name or None, field(call, "password"))
    except NotFound:
        return _over(call, "invitation")
    except (Invalid, Conflict) as problem:
        found = accounts.invitation_behind(call.connection, call.settings, token)
        key = "invitation.taken" if isinstance(problem, Conflict) else "password.unfit"
        return _welcome(call, found, name, problem.status, (key, {}))
    return Reply.redirect(f"{LOGIN}?done=joined")


def _welcome(
    call: Call,
    found: accounts.Invitation,
    name: str,
    status: int = 200,
    refused: Refusal | None = None,
) -> Reply:
    return render(
        call.request,
        "letters/invitation.html",
        status,
        agency=accounts.tenant(call.connection, found.tenant_id).name,
        role=found.role,
        email=found.email,
        name=name,
        refusal=refused,
    )


def _over(call: Call, kind: str) -> Reply:
    return render(call.request, "letters/over.html", 404, kind=kind)
