"""From what is kept of a lead to the archive they get: `data.json` for machines, `data.pdf` to read, and the files."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from markezy.kernel.logging import get_logger
from markezy.privacy.contents import Contents
from markezy.privacy.paper import page
from markezy.privacy.wording import words
from markezy.strategies.api import Agency, Document, NotRenderable, render_document

log = get_logger(__name__)

MEDIA_TYPE = "application/zip"


def archive(contents: Contents) -> bytes:
    """The archive as ZIP."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as zipped:
        zipped.writestr("data.json", contents.as_json())
        zipped.writestr("data.pdf", readable(contents))
        for name, body in contents.files.items():
            zipped.writestr(name, body)
    return out.getvalue()


def readable(contents: Contents) -> bytes:
    """The same as a PDF in the lead's language, without what only machines read. A conversation too long for it stays in `data.json`."""
    try:
        return _rendered(contents, with_conversation=True)
    except NotRenderable as error:
        log.warning("privacy.export_shortened", reason=str(error))
        return _rendered(contents, with_conversation=False)


def _rendered(contents: Contents, with_conversation: bool) -> bytes:
    lead, said = contents.lead, words(contents.lead.locale)
    agency = Agency.of(contents.agency.name, contents.agency.brand)
    html = page(
        "export.html.j2",
        lead.locale,
        members=contents.members,
        agency=agency,
        with_conversation=with_conversation,
    )
    reader = ", ".join(part for part in (lead.name, lead.company) if part)
    return render_document(
        Document(
            said.export["title"], said.language, reader, agency, contents.made_at, html,
            prepared_for=said.export["prepared_for"], prepared_by=said.export["prepared_by"],
        )
    )  # fmt: skip
