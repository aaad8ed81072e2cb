"""What the tasks of these tests are asked for."""

from tests.markezy.strategies.conftest import Desk

TITLE = "Plus de commandes pour Chez Zoë"


def generate(desk: Desk) -> None:
    desk.run("strategies.generate", lead_id=str(desk.lead_id))
