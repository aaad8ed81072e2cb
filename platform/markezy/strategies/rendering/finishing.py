"""What xhtml2pdf leaves out of a PDF: its card (title, author, language, dates) where readers and machines look for it, and a fixed id."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from io import BytesIO

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    DictionaryObject,
    NameObject,
    StreamObject,
    TextStringObject,
)

_PRODUCER = "Markezy"
_HEAD, _FOOT = 74.0, 56.0
"""Points at the top and at the foot of a page that running lines take."""


@dataclass(frozen=True)
class Card:
    """What a PDF says of itself."""

    title: str
    author: str
    subject: str
    language: str
    written_at: datetime


def finished(body: bytes, card: Card) -> bytes:
    """The PDF with its card. It does not claim to be tagged, because it is not."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(body)))
    moment = card.written_at.astimezone(UTC)
    stamp = moment.strftime("D:%Y%m%d%H%M%SZ")
    facts = {"/Title": card.title, "/Author": card.author, "/Subject": card.subject, "/Producer": _PRODUCER}
    writer.metadata = None
    writer.add_metadata(
        {key: value for key, value in facts.items() if value} | {"/CreationDate": stamp, "/ModDate": stamp}
    )
    root = writer.root_object
    root[NameObject("/Lang")] = TextStringObject(card.language)
    root[NameObject("/MarkInfo")] = DictionaryObject({NameObject("/Marked"): BooleanObject(False)})
    root[NameObject("/ViewerPreferences")] = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
    if "/Outlines" in root:
        root[NameObject("/PageMode")] = NameObject("/UseOutlines")
    packet = StreamObject()
    packet.set_data(_xmp(card, moment).encode())
    packet.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
    root[NameObject("/Metadata")] = writer._add_object(packet)
    identity = ByteStringObject(hashlib.sha256(body).digest()[:16])
    writer._ID = ArrayObject((identity, identity))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def emptiest(body: bytes, first: int) -> float:
    """How far down its page the text of the emptiest page from `first` on reaches, as a share; running lines do not count."""
    return min((_filled(page) for page in PdfReader(BytesIO(body)).pages[first:]), default=1.0)


def _filled(page: PageObject) -> float:
    top = float(page.mediabox.height) - _HEAD
    lowest = top

    def seen(text: str, outer: list[float], inner: list[float], _font: object, _size: float) -> None:
        nonlocal lowest
        y = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
        if text.strip() and y > _FOOT:
            lowest = min(lowest, y)

    page.extract_text(visitor_text=seen)
    return (top - lowest) / (top - _FOOT)


def _xmp(card: Card, moment: datetime) -> str:
    title, author, subject = (escape(text) for text in (card.title, card.author, card.subject))
    stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    language = escape(card.language)
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{stamp}</xmp:CreateDate><xmp:ModifyDate>{stamp}</xmp:ModifyDate>
<pdf:Producer>{_PRODUCER}</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
