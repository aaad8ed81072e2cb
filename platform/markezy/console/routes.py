"""The console's way in and out, its files, and the pages for addresses that lead nowhere.

Leads are in `leads.py` and `takeover.py`, the inbox in `inbox.py`.
"""

from collections.abc import Callable
from typing import Any

from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from markezy.accounts import api as accounts
from markezy.accounts.api import staff
from markezy.console import inbox, leads, stream, takeover
from markezy.console.pages import HOME, INBOX, LOGIN, STATIC, instead, own_path, render
from markezy.console.texts import LANGUAGE_COOKIE, LANGUAGES
from markezy.kernel.errors import Invalid, NotFound, Problem, TooManyRequests, Unauthenticated
from markezy.kernel.http import Call, Cookie, Reply, anyone, endpoint

blueprint = Blueprint("console")

_PAGES: tuple[tuple[str, Callable[..., Any], str], ...] = (
    (HOME, leads.lead_list, "leads"),
    (f"{HOME}/<lead_id:uuid>", leads.lead_page, "lead"),
    (f"{HOME}/<lead_id:uuid>/news", leads.lead_news, "lead_news"),
    (f"{HOME}/stream", stream.lead_changes, "stream"),
    (INBOX, inbox.inbox_page, "inbox"),
    (f"{INBOX}/waiting", inbox.waiting_badge, "waiting"),
)
_ACTIONS: tuple[tuple[str, Callable[..., Any], str], ...] = (
    (f"{HOME}/<lead_id:uuid>/take", takeover.take, "take"),
    (f"{HOME}/<lead_id:uuid>/release", takeover.release, "release"),
    (f"{HOME}/<lead_id:uuid>/messages", takeover.say, "say"),
    (f"{INBOX}/<handover_id:uuid>/close", inbox.close, "close"),
)
_A_YEAR = 365 * 24 * 3600
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    )
)
_SECURITY_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


async def _protect(request: Request, response: HTTPResponse) -> None:
    """Every answer of the console carries the same protective headers; static files may be kept, their address changes."""
    response.headers.update(_SECURITY_HEADERS)
    if request.path.startswith("/console/static/") and response.status == 200:
        response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"


blueprint.middleware(_protect, attach_to="response")


@blueprint.get("/", name="root")
@blueprint.get("/console", name="home")
@endpoint(anyone)
def home(_call: Call) -> Reply:
    return Reply.redirect(HOME)


@blueprint.get(LOGIN)
@endpoint(anyone, instead)
def login_form(call: Call) -> Reply:
    """The login form; whoever is logged in already goes on."""
    wanted = own_path(call.query.get("next"))
    try:
        staff()(call.request, call.services)
    except Problem:
        return render(call.request, "login.html", next=wanted, email="", refusal=None)
    return Reply.redirect(wanted)


@blueprint.post(LOGIN, name="log_in")
@endpoint(anyone, instead, kind="login")
def log_in(call: Call) -> Reply:
    """Open a browser session and go where the user wanted to go."""
    accounts.require_own_page(call.request)
    form: Any = call.request.form or {}
    email, password = form.get("email") or "", form.get("password") or ""
    wanted = own_path(form.get("next"))
    address = call.services.door.client_address(call.request)
    try:
        _, cookie = accounts.console_log_in(call.connection, call.services, email, password, address)
    except (Unauthenticated, TooManyRequests) as problem:
        return _login_refused(call, problem, wanted, email)
    return Reply.redirect(wanted, (cookie,))


@blueprint.post("/console/logout")
@endpoint(staff(), instead)
def log_out(call: Call) -> Reply:
    """End the browser session."""
    if call.principal.session_id is None:
        raise Unauthenticated("Please log in.")
    cookie = accounts.console_log_out(call.connection, call.services, call.tenant_id, call.principal.session_id)
    return Reply.redirect(LOGIN, (cookie,))


@blueprint.post("/console/language")
@endpoint(anyone, instead)
def switch_language(call: Call) -> Reply:
    """Remember the language and come back to the same page."""
    accounts.require_own_page(call.request)
    form: Any = call.request.form or {}
    language = form.get("language")
    if language not in LANGUAGES:
        raise Invalid(f"The console speaks {', '.join(LANGUAGES)}.")
    return Reply.redirect(own_path(form.get("next")), (Cookie(LANGUAGE_COOKIE, language, _A_YEAR, "/console"),))


blueprint.static("/console/static", STATIC, name="static")
for _path, _handler, _name in _PAGES:
    blueprint.add_route(_handler, _path, name=_name)
for _path, _handler, _name in _ACTIONS:
    blueprint.add_route(_handler, _path, methods=["POST"], name=_name)
blueprint.before_server_start(stream.connect)
blueprint.after_server_stop(stream.disconnect)


@blueprint.get("/console/<_path:path>", name="nowhere")
@endpoint(anyone, instead)
def nowhere(_call: Call, _path: str) -> Reply:
    """A page for addresses that lead nowhere; everything above is found first."""
    raise NotFound("There is no such page.")


def _login_refused(call: Call, problem: Unauthenticated | TooManyRequests, wanted: str, email: str) -> Reply:
    minutes = -(-problem.retry_after // 60) if isinstance(problem, TooManyRequests) else None
    return render(
        call.request,
        "login.html",
        problem.status,
        next=wanted,
        email=email[:320],
        refusal=("login.throttled" if minutes else "login.error", {"minutes": minutes}),
    )
