"""What the worker does for strategies: write, improve, check, render, announce, e-mail (docs/contracts.md).

Each task may run any number of times. What it did before is found in the tables (a strategy's status, one PDF a strategy, one delivery
a channel), and then it only closes its row. Nothing slow happens inside a transaction.
"""

from markezy.strategies.tasks.delivering import announce_in_chat, send_email
from markezy.strategies.tasks.producing import check, generate, improve, render

__all__ = ["announce_in_chat", "check", "generate", "improve", "render", "send_email"]
