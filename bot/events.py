"""The event the flow engine speaks in: `{"event": "qualification", "name": "answer_recorded", "data": {...}}`."""

from typing import Any

from rasa.shared.core.events import SkipEventInMDStoryMixin


class QualificationEvent(SkipEventInMDStoryMixin):
    """Something happened in the qualification. A record only: the state travels in the slot `qualification`."""

    type_name = "qualification"

    def __init__(
        self,
        name: str,
        data: dict[str, Any] | None = None,
        timestamp: float | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(timestamp, metadata)
        self.name = name
        self.data = data or {}

    def as_dict(self) -> dict[str, Any]:
        """Serialised, as the action server sends it."""
        return {**super().as_dict(), "name": self.name, "data": self.data}

    @classmethod
    def _from_story_string(cls, parameters: dict[str, Any]) -> list["QualificationEvent"] | None:
        name = parameters.get("name")
        if not isinstance(name, str) or not name:
            raise ValueError("a qualification event needs a name")
        return [cls(name, parameters.get("data"), parameters.get("timestamp"), parameters.get("metadata"))]

    def __eq__(self, other: Any) -> bool:
        if not isinstance(other, QualificationEvent):
            return NotImplemented
        return (self.name, self.data) == (other.name, other.data)

    def __hash__(self) -> int:
        return hash(self.name)

    def __str__(self) -> str:
        return f"QualificationEvent({self.name})"
