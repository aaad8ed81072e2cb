"""The audit as a file for spreadsheets (RFC 4180)."""

import csv
import io
from collections.abc import Iterable

from markezy.audit.model import Found

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a cell begins that a spreadsheet would compute, whoever wrote it (OWASP: CSV injection)."""
_HEAD = (
    "time", "actor_kind", "actor_id", "actor_name", "session_id", "action", "outcome", "status", "subject_kind", "subject_id",
    "subject_name", "lead_id", "filters", "network", "program", "correlation_id", "id",
)  # fmt: skip


def as_csv(entries: Iterable[Found]) -> bytes:
    """A line for each entry. The byte order mark tells spreadsheets that this is UTF-8."""
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(_HEAD)
    for one in entries:
        cells = (
            one.at.isoformat(timespec="milliseconds"), one.actor_kind, one.actor_id, one.actor_name, one.session_id, one.action,
            one.outcome, one.status, one.subject_kind, one.subject_id, one.subject_name, one.lead_id, " ".join(one.filters),
            one.network, one.program, one.correlation_id, one.id,
        )  # fmt: skip
        lines.writerow([_cell(cell) for cell in cells])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
