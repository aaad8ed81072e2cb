"""The door to leads' rights: erasures and their certificates, copies of what is kept, periods, and the record of processing.

Functions take a connection whose transaction is scoped to the tenant and never commit, unless they take a `Database`.
"""

from uuid import UUID

from sqlalchemy import Connection

from markezy.privacy import repository
from markezy.privacy.archive import MEDIA_TYPE
from markezy.privacy.exports import archive_of, export_of, latest_export, recent_exports, request_export
from markezy.privacy.model import Erasure, LeadExport, Period, Preview, Reason, RetentionRun, certificate
from markezy.privacy.processing import ProcessingRecord, as_pdf, processing_record
from markezy.privacy.projector import project
from markezy.privacy.retention import begin, begin_all, go_on, periods, preview, recent_runs, save_periods
from markezy.privacy.service import erasure_of, request_erasure
from markezy.privacy.wording import ClassWords, languages, words

PROJECTION_NAME = "privacy"

__all__ = [
    "MEDIA_TYPE",
    "PROJECTION_NAME",
    "ClassWords",
    "Erasure",
    "LeadExport",
    "Period",
    "Preview",
    "ProcessingRecord",
    "Reason",
    "RetentionRun",
    "archive_of",
    "as_pdf",
    "begin",
    "begin_all",
    "certificate",
    "class_words",
    "erasure_of",
    "export_of",
    "go_on",
    "languages",
    "latest_erasure",
    "latest_export",
    "periods",
    "preview",
    "processing_record",
    "project",
    "recent_erasures",
    "recent_exports",
    "recent_runs",
    "request_erasure",
    "request_export",
    "save_periods",
    "words",
]  # fmt: skip


def latest_erasure(connection: Connection, tenant_id: UUID, lead_id: UUID) -> Erasure | None:
    """How far the lead's erasure has come; None when nobody asked for it."""
    return repository.find(connection, tenant_id, lead_id)


def recent_erasures(connection: Connection, tenant_id: UUID, limit: int) -> list[Erasure]:
    """The agency's erasures, the latest asked for first."""
    return repository.recent(connection, tenant_id, limit)


def class_words(locale: str) -> dict[str, ClassWords]:
    """What the classes of data are called, and what they hold."""
    return dict(words(locale).classes)
