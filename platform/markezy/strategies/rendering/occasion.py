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
        """The case's agency and its lead, by name and company as far as they are known."""
        contact = case.lead.contact
        reader = ", ".join(part for part in (contact.name, contact.company) if part)
        return Occasion(Brand.of(case.agency), reader, written_at)
