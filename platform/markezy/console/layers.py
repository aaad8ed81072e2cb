"""The templates: what strategies are written from, how its versions do, and how it came to be."""

from collections.abc import Iterable
from uuid import UUID

from markezy.accounts import api as accounts
from markezy.accounts.api import staff
from markezy.console.pages import instead, render
from markezy.console.texts import texts_for
from markezy.console.viewers import viewer_of
from markezy.kernel.http import Call, Reply, endpoint
from markezy.strategies import api as strategies

PRODUCT = "markezy"
_STAFF = "staff:"


@endpoint(staff("templates.read"), instead, audit=None)
def templates_page(call: Call) -> Reply:
    """Everything that is in force, measured against its outcomes. It holds nothing of a lead."""
    language = texts_for(call.request).language
    found = strategies.overview_of(call.connection, call.tenant_id, language)
    authors = {one.author for one in found.releases} | {one.author for one in found.versions.values()}
    return render(
        call.request, "templates/page.html",
        viewer=viewer_of(call),
        found=found,
        names=_names(call, authors),
        formats=strategies.Formats(language),
        measured=strategies.MEASURED,
    )  # fmt: skip


def _names(call: Call, authors: Iterable[str]) -> dict[str, str]:
    """By author what they are called; nobody is named who is not there any more."""
    ids = {UUID(one.removeprefix(_STAFF)) for one in authors if one.startswith(_STAFF) and _is_id(one)}
    people = accounts.users_of(call.connection, call.tenant_id, ids)
    return {PRODUCT: "Markezy"} | {f"{_STAFF}{one.id}": one.name for one in people}


def _is_id(author: str) -> bool:
    try:
        UUID(author.removeprefix(_STAFF))
    except ValueError:
        return False
    return True
