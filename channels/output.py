"""Where Rasa sends its replies: nowhere. They are saved with the turn and read from there, so none is sent twice."""

from typing import Any

from rasa.core.channels.channel import OutputChannel


class SavedReplies(OutputChannel):
    """Accepts every reply; the tracker store's events are what the lead gets to see."""

    def __init__(self, channel: str) -> None:
        self._channel = channel

    def name(self) -> str:
        """The lead's channel: responses in the domain may differ by it."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Nothing to do: the message is an event of the turn already."""
