"""The captured e-mails as JSON for programs (`Accept: application/json`) and as pages for people."""

from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound
from sanic.response import html, json, raw

from devstack.sandbox.mail.inbox import CapturedMail
from devstack.sandbox.pages import page

blueprint = Blueprint("mail", url_prefix="/mail")


def _summary(mail: CapturedMail) -> dict[str, Any]:
    return {
        "id": mail.id,
        "from": str(mail.message["From"]),
        "to": str(mail.message["To"]),
        "subject": str(mail.message["Subject"]),
        "date": str(mail.message["Date"]),
        "message_id": str(mail.message["Message-ID"]),
        "text": mail.body("plain"),
        "attachments": [
            {
                "filename": part.get_filename(),
                "media_type": part.get_content_type(),
                "url": f"/mail/{mail.id}/attachments/{number}",
            }
            for number, part in enumerate(mail.attachments)
        ],
    }


@blueprint.get("/")
async def list_mails(request: Request) -> HTTPResponse:
    mails = [_summary(mail) for mail in request.app.ctx.mail.all()]
    if "text/html" in request.headers.get("accept", ""):
        return html(page("mail_list.html", mails=mails))
    return json({"items": mails})


@blueprint.get("/<mail_id:str>")
async def show_mail(request: Request, mail_id: str) -> HTTPResponse:
    mail = _found(request, mail_id)
    return html(page("mail.html", mail=_summary(mail), has_html=mail.body("html") is not None))


@blueprint.get("/<mail_id:str>/html")
async def show_html(request: Request, mail_id: str) -> HTTPResponse:
    body = _found(request, mail_id).body("html") or ""
    # The mail's own HTML runs in a frame that may do nothing.
    return html(
        body,
        headers={"Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"},
    )


@blueprint.get("/<mail_id:str>/attachments/<number:int>")
async def show_attachment(request: Request, mail_id: str, number: int) -> HTTPResponse:
    parts = _found(request, mail_id).attachments
    if number >= len(parts):
        raise NotFound("This e-mail has no such attachment.")
    content = parts[number].get_content()
    return raw(
        content if isinstance(content, bytes) else str(content).encode(), content_type=parts[number].get_content_type()
    )


def _found(request: Request, mail_id: str) -> CapturedMail:
    mail: CapturedMail | None = request.app.ctx.mail.find(mail_id)
    if mail is None:
        raise NotFound("There is no such e-mail.")
    return mail
