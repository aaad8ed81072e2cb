"""From a template to an answer: the page's language, its assets, and what stands in place of a page that can't be shown."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Request

from markezy.console import formats
from markezy.console.texts import LANGUAGES, texts_for
from markezy.kernel.clock import now
from markezy.kernel.errors import Problem, Unauthenticated
from markezy.kernel.http import Reply

HOME = "/console/leads"
INBOX = "/console/inbox"
REVIEW = "/console/review"
STRATEGIES = "/console/strategies"
TEMPLATES = "/console/templates"
LOGIN = "/console/login"
RESET = "/console/reset"
INVITATION = "/console/invitation"
ACCOUNT = "/console/account"
TEAM = "/console/team"
API_KEYS = "/console/api-keys"
AUDIT = "/console/audit"
PRIVACY = "/console/privacy"
SETTINGS = "/console/settings"
SETTINGS_MODEL = "/console/settings/model"
SETTINGS_MAIL = "/console/settings/mail"
STATIC = Path(__file__).parent / "static"

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_EXPLAINED = (403, 404, 413, 422, 429)
_INVALID = (400, 422)


def render(request: Request, template: str, status: int = 200, **context: Any) -> Reply:
    """`template` in the request's language. What a page shows is one agency's, so no cache may keep it."""
    texts = texts_for(request)
    moment = now()
    text = _environment.get_template(template).render(
        t=texts,
        languages=LANGUAGES,
        here=here(request),
        asset=asset,
        file_size=formats.file_size,
        initials=formats.initials,
        mail_link=formats.mail_link,
        phone_link=formats.phone_link,
        web_address=formats.web_address,
        ago=lambda at: formats.ago(texts, at, moment),
        **{"viewer": None, **context},
    )
    return Reply.html(text, status, {"Cache-Control": "no-store", "Vary": "Cookie, Accept-Language, HX-Request"})


@cache
def asset(name: str) -> str:
    """The address of a static file, different for each content, so that browsers may keep it for ever."""
    path = STATIC / name
    version = hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else "missing"
    return f"/console/static/{name}?v={version}"


def here(request: Request) -> str:
    """The page the user is looking at, as a path on this host. A fragment belongs to the page that asked for it."""
    path = quote(request.path)
    return f"{path}?{request.query_string}" if request.query_string else path


def own_path(wanted: str | None) -> str:
    """`wanted` if it is a console page, else the first page: nobody is sent to another site after logging in."""
    if wanted and wanted.startswith("/console") and "\\" not in wanted and wanted.isprintable():
        return wanted
    return HOME


def instead(request: Request, problem: Problem) -> Reply:
    """What a person sees when a page can't be shown: the login form if that helps, otherwise an explanation."""
    if isinstance(problem, Unauthenticated):
        return _to_login(request)
    status = 422 if problem.status in _INVALID else problem.status
    key = status if status in _EXPLAINED else 500
    return render(request, "error.html", problem.status, key=str(key))


def _to_login(request: Request) -> Reply:
    if request.headers.get("hx-request"):
        return Reply(401, b"", {"HX-Redirect": LOGIN}, "text/plain")
    if request.headers.get("sec-fetch-site") == "cross-site":
        # Browsers hold a SameSite=Strict cookie back when a link on another site, or in an e-mail, led here. The page asks once
        # more by itself, and then the cookie comes along if there is one.
        return render(request, "return.html")
    return Reply.redirect(f"{LOGIN}?{urlencode({'next': here(request)})}")
