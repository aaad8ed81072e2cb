"""The console's addresses, its files, and the pages for addresses that lead nowhere.

The way in and out is in `entry.py` and `letters.py`, leads are in `leads.py`, `takeover.py` and `rights.py`, strategies in
`strategies.py` and `review.py`, their templates in `layers.py`, `parts.py`, `editor.py` and `releases.py`, the inbox in `inbox.py`,
people and keys in `account.py`, `team.py` and `keys.py`, who did what in `audit.py`, periods, requests and the record in `privacy.py`,
settings in `brand.py`, `language_model.py` and `suppressions.py`.
"""

from collections.abc import Callable
from typing import Any

from sanic import Blueprint, Request
from sanic.exceptions import PayloadTooLarge
from sanic.response import HTTPResponse

from markezy.accounts.api import visitor
from markezy.console import (
    account,
    audit,
    brand,
    consents,
    editor,
    entry,
    inbox,
    keys,
    language_model,
    layers,
    leads,
    letters,
    parts,
    privacy,
    releases,
    review,
    rights,
    strategies,
    stream,
    suppressions,
    takeover,
    team,
)
from markezy.console.pages import (
    ACCOUNT,
    API_KEYS,
    AUDIT,
    HOME,
    INBOX,
    INVITATION,
    LOGIN,
    PRIVACY,
    RESET,
    REVIEW,
    SETTINGS,
    SETTINGS_MAIL,
    SETTINGS_MODEL,
    STATIC,
    STRATEGIES,
    TEAM,
    TEMPLATES,
    instead,
    own_path,
)
from markezy.console.texts import LANGUAGE_COOKIE, LANGUAGES
from markezy.kernel.errors import Invalid, NotFound, Problem
from markezy.kernel.http import Call, Cookie, Reply, endpoint

blueprint = Blueprint("console")

_PART = f"{TEMPLATES}/<layer:str>/<sector:str>/<part:str>"
_PAGES: tuple[tuple[str, Callable[..., Any], str], ...] = (
    (HOME, leads.lead_list, "leads"),
    (f"{HOME}/<lead_id:uuid>", leads.lead_page, "lead"),
    (f"{HOME}/<lead_id:uuid>/news", leads.lead_news, "lead_news"),
    (f"{HOME}/stream", stream.lead_changes, "stream"),
    (INBOX, inbox.inbox_page, "inbox"),
    (f"{INBOX}/waiting", inbox.waiting_badge, "waiting"),
    (REVIEW, review.review_page, "review_queue"),
    (f"{REVIEW}/waiting", review.review_badge, "reviews_waiting"),
    (f"{STRATEGIES}/<strategy_id:uuid>", strategies.content_page, "strategy"),
    (f"{STRATEGIES}/<strategy_id:uuid>/changes", strategies.changes_page, "strategy_changes"),
    (TEMPLATES, layers.templates_page, "templates"),
    (_PART, parts.part_page, "template_part"),
    (f"{_PART}/versions/<version_id:uuid>", parts.version_page, "template_version"),
    (f"{_PART}/differences", parts.differences_page, "template_differences"),
    (f"{_PART}/figures", parts.figures_page, "template_figures"),
    (f"{_PART}/edit", editor.editor_page, "template_editor"),
    (f"{_PART}/experiment", releases.experiment_form, "template_experiment_form"),
    (ACCOUNT, account.account_page, "account"),
    (TEAM, team.team_page, "team"),
    (API_KEYS, keys.keys_page, "api_keys"),
    (AUDIT, audit.audit_page, "audit"),
    (PRIVACY, privacy.retention_page, "privacy"),
    (f"{PRIVACY}/requests", privacy.requests_page, "privacy_requests"),
    (f"{PRIVACY}/record", privacy.record_page, "privacy_record"),
    (SETTINGS, brand.brand_page, "settings"),
    (f"{SETTINGS}/sample", brand.saved_sample, "saved_sample"),
    (SETTINGS_MODEL, language_model.model_page, "settings_model"),
    (SETTINGS_MAIL, suppressions.mail_page, "settings_mail"),
    (f"{HOME}/<lead_id:uuid>/rights", rights.rights_card, "rights"),
    (f"{HOME}/<lead_id:uuid>/forget", rights.forget_form, "forget_form"),
)
_ENTRY: tuple[tuple[str, str, Callable[..., Any], str], ...] = (
    ("GET", LOGIN, entry.login_form, "login_form"),
    ("POST", LOGIN, entry.log_in, "log_in"),
    ("POST", f"{LOGIN}/code", entry.confirm, "log_in_code"),
    ("POST", "/console/logout", entry.log_out, "log_out"),
    ("GET", RESET, letters.forgotten_form, "forgotten_form"),
    ("POST", RESET, letters.ask_for_reset, "ask_for_reset"),
    ("GET", f"{RESET}/<token:str>", letters.reset_form, "reset_form"),
    ("POST", f"{RESET}/<token:str>", letters.reset, "reset"),
    ("GET", f"{INVITATION}/<token:str>", letters.invitation_form, "invitation_form"),
    ("POST", f"{INVITATION}/<token:str>", letters.accept, "accept_invitation"),
)
_ACTIONS: tuple[tuple[str, Callable[..., Any], str], ...] = (
    (f"{HOME}/<lead_id:uuid>/take", takeover.take, "take"),
    (f"{HOME}/<lead_id:uuid>/release", takeover.release, "release"),
    (f"{HOME}/<lead_id:uuid>/messages", takeover.say, "say"),
    (f"{HOME}/<lead_id:uuid>/review", takeover.review, "review"),
    (f"{INBOX}/<handover_id:uuid>/close", inbox.close, "close"),
    (f"{HOME}/<lead_id:uuid>/strategies", strategies.produce, "produce_strategy"),
    (f"{STRATEGIES}/<strategy_id:uuid>/approve", strategies.approve, "approve_strategy"),
    (f"{STRATEGIES}/<strategy_id:uuid>/discard", strategies.discard, "discard_strategy"),
    (f"{STRATEGIES}/<strategy_id:uuid>/renew", strategies.renew, "renew_strategy"),
    (f"{STRATEGIES}/<strategy_id:uuid>/outcomes", strategies.record_outcome, "record_outcome"),
    (f"{ACCOUNT}/password", account.change_password, "change_password"),
    (f"{ACCOUNT}/second-factor", account.enrol, "enrol"),
    (f"{ACCOUNT}/second-factor/confirm", account.confirm, "confirm_factor"),
    (f"{ACCOUNT}/second-factor/off", account.turn_off, "turn_factor_off"),
    (f"{ACCOUNT}/sessions/<session_id:uuid>/end", account.end_session, "end_session"),
    (f"{ACCOUNT}/sessions/end-others", account.end_others, "end_other_sessions"),
    (f"{TEAM}/invitations", team.invite, "invite"),
    (f"{TEAM}/invitations/<invitation_id:uuid>/resend", team.resend, "resend_invitation"),
    (f"{TEAM}/invitations/<invitation_id:uuid>/withdraw", team.withdraw, "withdraw_invitation"),
    (f"{TEAM}/<user_id:uuid>/role", team.change_role, "change_role"),
    (f"{TEAM}/<user_id:uuid>/deactivate", team.deactivate, "deactivate"),
    (f"{TEAM}/<user_id:uuid>/reactivate", team.reactivate, "reactivate"),
    (API_KEYS, keys.create, "create_api_key"),
    (f"{API_KEYS}/<key_id:uuid>/revoke", keys.revoke, "revoke_api_key"),
    (f"{_PART}/edit", editor.work_on, "work_on_template"),
    (f"{_PART}/try", editor.try_out, "try_template"),
    (f"{_PART}/versions", editor.save, "save_template"),
    (f"{_PART}/publish", releases.publish, "publish_template"),
    (f"{_PART}/experiment", releases.start_experiment, "start_template_experiment"),
    (f"{_PART}/back", releases.roll_back, "roll_template_back"),
    (PRIVACY, privacy.save_periods, "save_periods"),
    (SETTINGS, brand.save_brand, "save_brand"),
    (f"{SETTINGS}/sample", brand.sample, "sample"),
    (SETTINGS_MODEL, language_model.save_model, "save_model"),
    (f"{SETTINGS_MODEL}/try", language_model.try_model, "try_model"),
    (f"{SETTINGS_MODEL}/remove", language_model.remove_model, "remove_model"),
    (f"{SETTINGS_MAIL}/look-up", suppressions.look_up, "look_up_suppression"),
    (f"{SETTINGS_MAIL}/add", suppressions.add, "add_suppression"),
    (f"{SETTINGS_MAIL}/lift", suppressions.lift, "lift_suppression"),
    (f"{HOME}/<lead_id:uuid>/consents/withdraw", consents.withdraw, "withdraw_consent"),
    (f"{HOME}/<lead_id:uuid>/export", rights.export, "export_lead"),
    (f"{HOME}/<lead_id:uuid>/forget", rights.forget, "forget_lead"),
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


async def _too_large(request: Request, error: PayloadTooLarge) -> HTTPResponse:
    """What was sent is larger than any request may be; a logo straight from a camera is."""
    problem = Problem(str(error))
    problem.status = error.status_code
    return instead(request, problem).response()


blueprint.exception(PayloadTooLarge)(_too_large)


@blueprint.get("/", name="root")
@blueprint.get("/console", name="home")
@endpoint(visitor, audit=None)
def home(_call: Call) -> Reply:
    return Reply.redirect(HOME)


@blueprint.post("/console/language")
@endpoint(visitor, instead, audit=None)
def switch_language(call: Call) -> Reply:
    """Remember the language and come back to the same page."""
    form: Any = call.request.form or {}
    language = form.get("language")
    if language not in LANGUAGES:
        raise Invalid(f"The console speaks {', '.join(LANGUAGES)}.")
    return Reply.redirect(own_path(form.get("next")), (Cookie(LANGUAGE_COOKIE, language, _A_YEAR, "/console"),))


blueprint.static("/console/static", STATIC, name="static")
for _method, _path, _handler, _name in _ENTRY:
    blueprint.add_route(_handler, _path, methods=[_method], name=_name)
for _path, _handler, _name in _PAGES:
    blueprint.add_route(_handler, _path, name=_name)
for _path, _handler, _name in _ACTIONS:
    blueprint.add_route(_handler, _path, methods=["POST"], name=_name)
blueprint.before_server_start(stream.connect)
blueprint.after_server_stop(stream.disconnect)


@blueprint.get("/console/<_path:path>", name="nowhere")
@endpoint(visitor, instead, audit=None)
def nowhere(_call: Call, _path: str) -> Reply:
    """A page for addresses that lead nowhere; everything above is found first."""
    raise NotFound("There is no such page.")
