"""Failures of an action. Each one fails the turn: Rasa saves nothing of it, and the message is driven again."""

from typing import Any


class ActionFailed(Exception):
    """The action could not be carried out now. The message holds nothing personal: it is logged and sent to Rasa."""


class PlatformUnreachable(ActionFailed):
    """The platform did not answer in time, or only with failures of its own."""


class PlatformRefused(ActionFailed):
    """The platform answered, and the answer was no."""


class ConsentOutdated(PlatformRefused):
    """The lead has to be asked again: `consents` holds question, version and texts of each."""

    def __init__(self, consents: list[dict[str, Any]]) -> None:
        super().__init__("the words of a consent have changed")
        self.consents = consents


class UnusableTurn(ActionFailed):
    """Rasa's request lacks what a turn needs."""
