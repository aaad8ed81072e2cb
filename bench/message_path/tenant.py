"""An agency whose flow asks the benchmark's ten questions."""

import itertools
from typing import Any
from uuid import uuid4

from markezy.accounts import api as accounts
from markezy.flows import api as flows
from markezy.kernel.db import Database
from markezy.kernel.limits import give_plan

from bench.message_path.script import ANSWERS

_TYPES = {"budget": "money", "email": "email"}
"""What stock Rasa's form validates is validated here too."""


def add_bench_tenant(database_url: str, plan: str | None = None, **figures: int) -> str:
    """Create the agency in a running Markezy, with a plan and figures of its own, and give its widget key."""
    tenant_id = uuid4()
    database = Database(database_url, pool_size=1)
    try:
        with database.transaction(tenant_id) as connection:
            accounts.create_tenant(
                connection, tenant_id, slug=f"bench-{tenant_id}", name="Bench", locale="en", sector="ecommerce"
            )
            if plan is not None:
                give_plan(connection, tenant_id, plan, figures)
            flows.publish(connection, tenant_id, "bench", "Ten questions", _flow())
            return accounts.add_widget_key(connection, tenant_id)
    finally:
        database.dispose()


def _flow() -> dict[str, Any]:
    ids = [question for question, _, _ in ANSWERS]
    following = dict(itertools.pairwise([*ids, "done"]))
    return {
        "locales": ["en"],
        "greeting": {"en": "Hello!"},
        "start": ids[0],
        "questions": {
            question: {
                "type": _TYPES.get(question, "text"),
                "text": {"en": text},
                "label": {"en": question},
                "help": {"en": "So that the strategy fits you."},
                "next": [{"to": following[question]}],
            }
            for question, text, _ in ANSWERS
        },
        # No strategy is written for a lead to nurture, as none is by stock Rasa.
        "ends": {"done": {"outcome": "nurture", "message": {"en": "Thank you! Your strategy is on its way."}}},
        "faqs": {"price": {"answer": {"en": "The strategy is free."}}},
    }
