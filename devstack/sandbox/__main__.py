"""`python -m devstack.sandbox`: all stand-ins in one process."""

import asyncio
import json as jsonlib
import os
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from sanic import HTTPResponse, Request, Sanic
from sanic.response import html, json

from devstack.sandbox.crm.page import blueprint as crm_page
from devstack.sandbox.crm.routes import blueprint as hubspot
from devstack.sandbox.crm.store import Store
from devstack.sandbox.mail.inbox import MailInbox
from devstack.sandbox.mail.routes import blueprint as mail
from devstack.sandbox.pages import page
from devstack.sandbox.website.routes import website
from devstack.sandbox.website.site import Site


def create_app(home: Path, bot_url: str, name: str = "sandbox") -> Sanic[Any, Any]:
    """The stand-ins, with what they hold under `home`/sandbox and the agencies of `home`/tenants.json."""
    app = Sanic(name, configure_logging=False)
    app.ctx.crm = Store(home / "sandbox" / "crm.json")
    app.ctx.crm_faults = []
    app.ctx.mail = MailInbox(home / "sandbox" / "mail")
    app.ctx.sites = {}
    # The agencies are seeded while this process starts, so they are read when somebody looks.
    app.on_request(lambda request: _refresh_sites(request, home / "tenants.json", bot_url))
    for blueprint in (hubspot, crm_page, mail, website):
        app.blueprint(blueprint)
    app.add_route(_home, "/", name="home")
    app.add_route(_ready, "/readyz", name="readyz")
    return app


def read_sites(path: Path, bot_url: str) -> dict[str, Site]:
    """One website for each seeded agency."""
    if not path.exists():
        return {}
    tenants = jsonlib.loads(path.read_text())
    return {one["slug"]: Site(one["slug"], one["name"], one["locale"], one["widget_key"], bot_url) for one in tenants}


async def _refresh_sites(request: Request, path: Path, bot_url: str) -> None:
    request.app.ctx.sites = await asyncio.to_thread(read_sites, path, bot_url)


async def _home(request: Request) -> HTTPResponse:
    return html(page("home.html", sites=list(request.app.ctx.sites.values())))


async def _ready(_request: Request) -> HTTPResponse:
    return json({"ready": True})


def main() -> None:
    home = Path(os.environ["MARKEZY_HOME"])
    bot_url = os.environ.get("MARKEZY_BOT_URL") or f"http://127.0.0.1:{os.environ['MARKEZY_BOT_PORT']}"
    app = create_app(home, bot_url)
    smtp = Controller(app.ctx.mail, hostname="127.0.0.1", port=int(os.environ["MARKEZY_SMTP_PORT"]))
    smtp.start()
    try:
        app.run(
            host="127.0.0.1", port=int(os.environ["MARKEZY_SANDBOX_PORT"]), single_process=True, access_log=False,
            motd=False,
        )  # fmt: skip
    finally:
        smtp.stop()


if __name__ == "__main__":
    main()
