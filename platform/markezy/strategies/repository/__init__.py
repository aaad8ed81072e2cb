"""All SQL of strategies; that of layers' versions and releases is in `versions/repository.py`."""

from markezy.strategies.repository.deliveries import claim_delivery, note_delivered, note_trouble, note_withheld
from markezy.strategies.repository.documents import find_document, insert_document
from markezy.strategies.repository.html_templates import insert_version, newest_version, sectors
from markezy.strategies.repository.outcomes import lead_of, outcomes_of, put_outcome, remove_outcome
from markezy.strategies.repository.strategies import (
    count_since,
    find_strategy,
    forget_lead,
    ids_of_leads,
    insert_strategy,
    next_edition,
    summaries,
)

__all__ = [
    "claim_delivery", "count_since", "find_document", "find_strategy", "forget_lead", "ids_of_leads", "insert_document",
    "insert_strategy", "insert_version", "lead_of", "newest_version", "next_edition", "note_delivered", "note_trouble",
    "note_withheld", "outcomes_of", "put_outcome", "remove_outcome", "sectors", "summaries",
]  # fmt: skip
