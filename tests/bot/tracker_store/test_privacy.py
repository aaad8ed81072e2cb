"""The tracker store logs nothing of what a lead writes."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from rasa.core.agent import Agent

from bot.turn import (
    ActionFailed,
)
from tests.bot.tracker_store.turns import take

pytestmark = pytest.mark.asyncio


class TestPrivacy:
    async def test_nothing_a_lead_writes_is_logged(
        self,
        agent: Agent,
        action_server: Any,
        start: Callable[..., Any],
        said: Callable[..., Any],
        caplog: pytest.LogCaptureFixture,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        conversation = start()
        secret = "my number is 0612345678"
        with caplog.at_level(logging.INFO):
            for status in (200, 500):
                action_server.status = status
                turn = conversation.turn()
                try:
                    await take(agent, said(conversation, secret, turn), turn)
                except ActionFailed:
                    assert status == 500

        assert "action_answer" in caplog.text
        assert "0612345678" not in caplog.text
        assert "0612345678" not in "".join(capsys.readouterr())
