"""The bot's log lines: JSON through structlog (Rasa configures it), each with the correlation id of its turn.

Never pass it a message's text, a token or anything else a lead wrote.
"""

from typing import Any

import structlog

from bot.turn import current_turn


def log() -> Any:
    """The logger for the turn that is being taken, if one is."""
    turn = current_turn.get()
    logger = structlog.get_logger("bot")
    return logger if turn is None else logger.bind(correlation_id=turn.correlation_id)
