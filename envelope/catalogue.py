"""Which members of an event stay in the clear. Everything else is sealed under the lead's key: what is not named here is personal.

docs/events.md is made of this table and tested against it.
"""

from collections.abc import Mapping
from typing import Any

_ANSWER = frozenset({"question", "ordinal"})
_NOTHING: frozenset[str] = frozenset()

CLEAR: Mapping[str, frozenset[str]] = {
    "conversation.started": frozenset({"channel", "locale", "lead_id", "flow_version_id"}),
    "experiment.assigned": frozenset({"experiment_id", "variant", "flow_version_id"}),
    "message.received": frozenset({"intent", "confidence", "message_id", "channel", "question"}),
    "message.sent": frozenset({"progress"}),
    "qualification.started": frozenset({"flow_version_id", "locale"}),
    "qualification.answer_recorded": _ANSWER,
    "qualification.answer_changed": _ANSWER,
    "qualification.answer_noted": _ANSWER,
    "qualification.answer_set_aside": _ANSWER,
    "qualification.answer_rejected": frozenset({"question", "reason"}),
    "qualification.question_asked": _ANSWER,
    "qualification.scored": frozenset({"score"}),
    "qualification.completed": frozenset({"end", "outcome", "score"}),
    "qualification.recap_shown": frozenset({"end"}),
    "qualification.recap_confirmed": _NOTHING,
    "qualification.locale_changed": frozenset({"locale"}),
    "qualification.person_requested": frozenset({"reason"}),
    "qualification.person_declined": _NOTHING,
    "qualification.person_joined": frozenset({"name"}),
    "qualification.person_left": frozenset({"name"}),
    "qualification.team_away": frozenset({"reason", "opens_at"}),
    "qualification.message_left": _NOTHING,
    "qualification.resume_link_requested": _NOTHING,
    "qualification.email_withheld": _NOTHING,
    "qualification.reminded": _NOTHING,
    "qualification.consent_recorded": frozenset(
        {"question", "purpose", "given", "locale", "channel", "lead_id", "flow_version_id", "version"}
    ),
    "qualification.consent_withdrawn": frozenset({"purpose", "locale", "channel", "lead_id"}),
    "qualification.erasure_requested": frozenset({"lead_id"}),
    "qualification.consent_renewed": frozenset({"question", "version", "texts"}),
    "qualification.stopped": _NOTHING,
    "qualification.resumed": _NOTHING,
    "lead.qualified": frozenset({"conversation_id", "flow_version_id", "locale", "end", "score"}),
    "lead.erasure_requested": frozenset({"reason"}),
    "lead.erased": frozenset({"reason"}),
    "lead.reviewed": frozenset({"state"}),
    "lead.key_rotated": frozenset({"version"}),
    "strategy.generated": frozenset({"strategy_id"}),
    "strategy.failed": frozenset({"strategy_id", "step", "reason"}),
    "strategy.held": frozenset({"strategy_id"}),
    "strategy.set_aside": frozenset({"strategy_id"}),
    "strategy.approved": frozenset({"strategy_id"}),
    "strategy.discarded": frozenset({"strategy_id"}),
    "strategy.rendered": frozenset({"strategy_id"}),
    "strategy.announced": frozenset({"strategy_id"}),
    "strategy.emailed": frozenset({"strategy_id"}),
    "strategy.announcement_failed": frozenset({"strategy_id", "reason"}),
    "strategy.email_failed": frozenset({"strategy_id", "reason"}),
    "strategy.email_bounced": frozenset({"strategy_id", "status"}),
    "strategy.email_complained": frozenset({"strategy_id"}),
    "strategy.email_unsubscribed": frozenset({"strategy_id"}),
    "strategy.outcome_recorded": frozenset({"strategy_id", "outcome", "source"}),
    "crm.synced": frozenset({"strategy_id", "connection_id"}),
    "crm.sync_failed": frozenset({"strategy_id", "connection_id", "reason"}),
    "handover.taken": frozenset({"handover_id"}),
    "handover.released": frozenset({"handover_id"}),
    "handover.closed": frozenset({"handover_id"}),
    "consent.withdrawn": frozenset({"purpose"}),
}

_FORGOTTEN_ANSWER: Mapping[str, Any] = {"label": "", "value": None, "display": ""}

FORGOTTEN: Mapping[str, Mapping[str, Any]] = {
    "conversation.started": {"page": {}, "hidden": {}},
    "message.received": {"text": ""},
    "message.sent": {"text": ""},
    "qualification.answer_recorded": _FORGOTTEN_ANSWER,
    "qualification.answer_changed": {**_FORGOTTEN_ANSWER, "previous": None},
    "qualification.answer_noted": _FORGOTTEN_ANSWER,
    "qualification.completed": {"contact": {}},
    "qualification.message_left": {"text": ""},
    "qualification.resume_link_requested": {"email": ""},
    "lead.qualified": {"contact": {}, "answers": []},
}
"""What readers of an event count on, in the place of members that went with the lead's key."""
