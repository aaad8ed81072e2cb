"""Whoever refuses something is left in peace."""

from markezy.consents import api as consents

from tests.markezy.strategies.conftest import Desk, Mailbox
from tests.markezy.strategies.tasks.asked import generate


class TestWithoutConsent:
    def refuse(self, desk: Desk, purpose: str) -> None:
        with desk.database.transaction(desk.tenant_id) as connection:
            consents.withdraw(
                connection, desk.tenant_id, desk.lead_id, desk.conversation_id, purpose, "staff:x", "correlation-1"
            )

    def test_who_does_not_want_to_be_written_to_gets_no_mail(self, desk: Desk, mailbox: Mailbox) -> None:
        made = desk.made()
        self.refuse(desk, consents.CONTACT)
        for _ in range(2):
            desk.run("strategies.email", strategy_id=str(made))
        assert mailbox.taken == []
        assert [(one.channel, one.status) for one in desk.strategy.deliveries] == [("email", "withheld")]

    def test_no_strategy_is_written_for_who_does_not_want_one(self, desk: Desk) -> None:
        self.refuse(desk, consents.STRATEGY)
        generate(desk)
        assert desk.rows("SELECT id FROM strategy") == []
        assert desk.open_tasks() == []
