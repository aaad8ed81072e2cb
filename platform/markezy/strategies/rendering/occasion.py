"""What stands around a document's content, on paper and on screen."""

from dataclasses import dataclass
from datetime import datetime

from markezy.strategies.rendering.brand import Brand


@dataclass(frozen=True)
class Occasion:
    """Whose document it is, for whom and when it was written. `reader` is "" when unknown."""

    brand: Brand
    reader: str
    written_at: datetime
