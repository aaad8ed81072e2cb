"""What an action reads from Rasa's tracker."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markezy.flows.engine import Given, Heard, Origin, State
from rasa_sdk import Tracker

from actions.failure import UnusableTurn

SLOT = "qualification"
_LANGUAGE = "language"


@dataclass(frozen=True)
class TurnInput:
    """One message of a lead, with where they stand. `state` is None before the first turn."""

    tenant_id: str
    conversation_id: str
    correlation_id: str
    text: str
    intent: str | None
    confidence: float
    tapped: bool
    """Whether it was a button: then `text` is its payload, and `entities` its members."""
    entities: Mapping[str, Any]
    heard: tuple[Heard, ...]
    language: str | None
    """The language the text is in, or wishes for, when the NLU is sure."""
    origin: Origin
    state: State | None

    @property
    def question(self) -> str | None:
        """The question a button is about."""
        question = self.entities.get("question") if self.tapped else None
        return str(question) if question is not None else None

    @property
    def value(self) -> Any:
        """A button's value."""
        return self.entities.get("value") if self.tapped else None

    @property
    def given(self) -> Given:
        """What the lead said in words; nothing for a button."""
        return Given(None) if self.tapped else Given(self.text, self.intent, self.heard, self.confidence)


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
    text, intent = message.get("text") or "", (message.get("intent") or {}).get("name")
    recognised = message.get("entities") or []
    tapped = _is_tapped(text, intent, bool(recognised))
    entities = {entity["entity"]: entity.get("value") for entity in recognised}
    return TurnInput(
        tenant_id=tenant_id,
        conversation_id=conversation_id,
        correlation_id=str(metadata.get("correlation_id") or ""),
        text=text,
        intent=intent,
        confidence=float((message.get("intent") or {}).get("confidence") or 0.0),
        tapped=tapped,
        entities=entities,
        heard=() if tapped else tuple(_heard(entity) for entity in recognised if entity["entity"] != _LANGUAGE),
        language=None if tapped else entities.get(_LANGUAGE),
        origin=origin,
        state=state,
    )


def _is_tapped(text: str, intent: str | None, has_members: bool) -> bool:
    """A text that starts with a slash is an `answer` without members: the channels never read it as a button."""
    if intent is None or not text.startswith(f"/{intent}"):
        return False
    return has_members or intent != "answer"


def _heard(entity: Mapping[str, Any]) -> Heard:
    return Heard(
        entity["entity"],
        str(entity.get("value")),
        entity.get("start"),
        entity.get("end"),
        float(entity.get("confidence_entity") or 1.0),
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
