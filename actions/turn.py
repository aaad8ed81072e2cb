"""What an action reads from Rasa's tracker."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markezy.flows.engine import Origin, State
from rasa_sdk import Tracker

from actions.failure import UnusableTurn

SLOT = "qualification"


@dataclass(frozen=True)
class TurnInput:
    """One message of a lead, with where they stand. `state` is None before the first turn."""

    tenant_id: str
    conversation_id: str
    correlation_id: str
    text: str
    intent: str | None
    entities: Mapping[str, Any]
    origin: Origin
    state: State | None


def read_turn(tracker: Tracker) -> TurnInput:
    """The turn in Rasa's words; UnusableTurn when the channel did not say what a turn needs."""
    tenant_id, separator, conversation_id = str(tracker.sender_id).partition("_")
    if not separator:
        raise UnusableTurn("the sender id is not <tenant>_<conversation>")
    message = tracker.latest_message or {}
    metadata = message.get("metadata") or {}
    try:
        stored = tracker.slots.get(SLOT)
        state = State.from_json(stored) if stored else None
        origin = state.origin if state else _origin(metadata)
    except (KeyError, TypeError, AttributeError) as error:
        raise UnusableTurn(f"neither slot nor metadata say where the lead stands: {error!r}") from None
    return TurnInput(
        tenant_id=tenant_id,
        conversation_id=conversation_id,
        correlation_id=str(metadata.get("correlation_id") or ""),
        text=message.get("text") or "",
        intent=(message.get("intent") or {}).get("name"),
        entities={entity["entity"]: entity.get("value") for entity in message.get("entities") or []},
        origin=origin,
        state=state,
    )


def _origin(metadata: Mapping[str, Any]) -> Origin:
    return Origin(
        flow_version_id=metadata["flow_version_id"],
        lead_id=metadata["lead_id"],
        locale=metadata.get("locale") or "",
        channel=metadata.get("channel") or "",
        utm=metadata.get("utm") or {},
        hidden=metadata.get("hidden") or {},
    )
