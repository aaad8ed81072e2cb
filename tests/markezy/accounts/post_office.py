"""What the worker does with the letters about accounts, and what arrives."""

import json
import re
from dataclasses import dataclass
from email.message import EmailMessage
from uuid import UUID

from markezy.accounts import tasks as _tasks  # noqa: F401 - importing names the tasks
from markezy.kernel import task
from markezy.kernel.db import Database
from markezy.kernel.settings import Settings
from sqlalchemy import text

from tests.markezy.handover.mailbox import Mailbox


@dataclass
class PostOffice:
    """One worker and one mail server."""

    database: Database
    settings: Settings
    mailbox: Mailbox

    def deliver(self, tenant_id: UUID) -> list[EmailMessage]:
        """Do the agency's open work; the letters that arrived by it."""
        before = len(self.mailbox.taken)
        for row in self.rows(tenant_id):
            call = task.TaskCall(tenant_id, row.id, "letters-under-test", self.settings, self.database)
            task.run(row.task, call, row.payload)
        return self.mailbox.taken[before:]

    def link(self, tenant_id: UUID) -> str:
        """The token of the link in the only letter that arrives."""
        (letter,) = self.deliver(tenant_id)
        return token_in(letter)

    def rows(self, tenant_id: UUID) -> list:
        with self.database.transaction(tenant_id) as connection:
            return list(
                connection.execute(
                    text(
                        "SELECT id, task, payload FROM outbox WHERE completed_at IS NULL AND failed_at IS NULL ORDER BY id"
                    )
                )
            )

    def everything_stored(self, tenant_id: UUID) -> str:
        """All rows of the tables a letter leaves behind, as text."""
        tables = ("outbox", "invitation", "password_reset", "staff_user", "idempotency_key")
        with self.database.transaction(tenant_id) as connection:
            return json.dumps(
                [connection.execute(text(f"SELECT to_jsonb({table}) FROM {table}")).scalars().all() for table in tables]
            )


def token_in(letter: EmailMessage) -> str:
    found = re.search(r"/console/(?:invitation|reset)/([A-Za-z0-9_-]+)", letter.get_content())
    assert found, letter.get_content()
    return found[1]
