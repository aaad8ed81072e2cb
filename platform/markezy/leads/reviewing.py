"""A person looks at a refusal that was decided by rules alone (GDPR, article 22)."""

from uuid import UUID

from sqlalchemy import Connection

from markezy.kernel.errors import Conflict, Invalid, NotFound
from markezy.kernel.events import NewEvent, append
from markezy.leads import repository
from markezy.leads.model import LeadState

REVIEWED = "lead.reviewed"
VERDICTS = (LeadState.DISQUALIFIED, LeadState.NURTURE, LeadState.HANDED_OVER)
"""The refusal stands; the lead is followed up later; a person goes on with them now."""
_LONGEST_NOTE = 2000


def review(
    connection: Connection, tenant_id: UUID, lead_id: UUID, verdict: str, note: str, actor: str, correlation_id: str
) -> None:
    """Write down what a person decided, which is the lead's state from then on.

    NotFound when there is no such lead, Invalid for another verdict or a note that is too long, Conflict unless the lead is refused.
    """
    if verdict not in VERDICTS:
        raise Invalid(f"A review ends with one of {', '.join(VERDICTS)}.")
    if len(note) > _LONGEST_NOTE or "\0" in note:
        raise Invalid(f"A note has at most {_LONGEST_NOTE:,} characters and no NUL.")
    found = repository.find_lead(connection, tenant_id, lead_id)
    if found is None:
        raise NotFound("There is no such lead.")
    if found.state != LeadState.DISQUALIFIED:
        raise Conflict("Only a refused lead can be reviewed; load the lead again.")
    decided = NewEvent(REVIEWED, {"state": verdict, "note": note}, actor)
    append(connection, tenant_id, "lead", lead_id, None, [decided], correlation_id)
