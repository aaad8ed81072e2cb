"""What stands around a document's content, on paper and on screen."""

from dataclasses import dataclass
from datetime import datetime

from markezy.strategies.rendering.brand import Brand
from markezy.strategies.writing.case import Case


@dataclass(frozen=True)
class Occasion:
    """Whose document it is, for whom and when it was written. `reader` is "" when unknown."""

    brand: Brand
    reader: str
    written_at: datetime

    @staticmethod
    def of(case: Case, written_at: datetime) -> "Occasion":
        """What stands around the document of a case."""
        contact = case.lead.contact
        reader = ", ".join(part for part in (contact.name, contact.company) if part)
        return Occasion(Brand(case.agency), reader, written_at)
