"""The demo agencies' websites, at `/sites/<slug>`. The application names them in `app.ctx.sites`."""

from urllib.parse import urlsplit

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, html, text

from devstack.sandbox.website.page import render_site, render_unknown, site_style
from devstack.sandbox.website.site import Site

website = Blueprint("website", url_prefix="/sites")


@website.get("/<slug:str>", strict_slashes=False)
async def show_site(request: Request, slug: str) -> HTTPResponse:
    """An agency's landing page; 404 with the list of those there are."""
    sites: dict[str, Site] = request.app.ctx.sites
    site = sites.get(slug)
    if site is None:
        return html(render_unknown(slug, sites.values()), status=404)
    page = render_site(site.slug, site.name, site.locale, site.widget_key, site.bot_url)
    return html(page, headers={"Content-Security-Policy": _policy(site.bot_url)})


@website.get("/<slug:str>/style.css")
async def show_style(request: Request, slug: str) -> HTTPResponse:
    """The style sheet of an agency's page."""
    sites: dict[str, Site] = request.app.ctx.sites
    site = sites.get(slug)
    if site is None:
        return text("", status=404)
    return text(site_style(site.slug, site.locale), content_type="text/css; charset=utf-8")


def _policy(bot_url: str) -> str:
    """As strict as a careful agency's: the demo shows that the widget needs its own origin and nothing else."""
    parts = urlsplit(bot_url)
    bot = f"{parts.scheme}://{parts.netloc}"
    return f"default-src 'none'; style-src 'self'; img-src 'self' data:; script-src {bot}; connect-src {bot}; base-uri 'none'"
