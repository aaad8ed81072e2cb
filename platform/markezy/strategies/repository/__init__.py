"""All SQL of strategies; that of layers' versions and releases is in `versions/repository.py`."""

from markezy.strategies.repository.deliveries import (
    claim_delivery,
    note_came_back,
    note_delivered,
    note_trouble,
    note_withheld,
)
from markezy.strategies.repository.documents import find_document, insert_document
from markezy.strategies.repository.outcomes import lead_of, outcomes_of, put_outcome, remove_outcome
from markezy.strategies.repository.strategies import (
    change_strategy,
    count_held,
    count_since,
    find_strategy,
    forget_lead,
    held,
    ids_of_leads,
    insert_strategy,
    next_edition,
    statuses_of_lead,
    summaries,
)

__all__ = [
    "change_strategy", "claim_delivery", "count_held", "count_since", "find_document", "find_strategy", "forget_lead", "held",
    "ids_of_leads", "insert_document", "insert_strategy", "lead_of", "next_edition", "note_came_back", "note_delivered",
    "note_trouble", "note_withheld", "outcomes_of", "put_outcome", "remove_outcome", "statuses_of_lead", "summaries",
]  # fmt: skip
