"""An agency with one lead in the middle of the questions, its log's reader, and a mail server."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from markezy.flows import api as flows
from markezy.kernel import task
from markezy.kernel.clock import now
from markezy.kernel.db import Database
from markezy.kernel.events import event
from markezy.kernel.ids import new_id
from markezy.kernel.projection import Projector
from markezy.kernel.settings import Settings
from markezy.leads import api as leads
from markezy.resuming import api, reminders
from markezy.resuming import tasks as _tasks  # noqa: F401 - importing names the tasks
from pydantic import SecretStr
from redis import Redis
from sqlalchemy import func, insert, select, text

from devstack.servers import free_port
from tests.markezy.handover.mailbox import Mailbox
from tests.markezy.leads.conversations import Conversation
from tests.markezy.sealed import unsealed
from tests.markezy.settling import project_all


def _said(what: str) -> dict[str, str]:
    return {"en": what, "fr": what, "es": what}


def _question(type_: str, to: str, **more: Any) -> dict[str, Any]:
    return {
        "type": type_,
        "text": _said("What?"),
        "help": _said("So."),
        "label": _said("It"),
        "next": [{"to": to}],
        **more,
    }


FLOW = {
    "locales": ["en", "fr", "es"],
    "greeting": _said("Hello"),
    "start": "goal",
    "questions": {
        "goal": _question("text", "agreed"),
        "agreed": _question("consent", "write_to"),
        "write_to": _question("email", "friend", role="email"),
        "friend": _question("email", "done"),
    },
    "ends": {"done": {"outcome": "qualified", "message": _said("Thank you")}},
}
"""With a consent, the lead's own address under a name of the agency's choosing, and somebody else's address."""


@dataclass
class Case:
    """One agency, one lead."""

    database: Database
    settings: Settings
    projector: Projector
    relay_database: Database
    conversation: Conversation

    @property
    def tenant_id(self) -> UUID:
        return self.conversation.tenant_id

    def asks_for_a_link(self, email: str = "zoe@example.com") -> None:
        self.conversation.add("qualification.resume_link_requested", {"email": email}, "visitor")
        self.catch_up()

    def catch_up(self) -> None:
        project_all(self.projector, self.relay_database)

    def replay(self) -> None:
        self.rows("DELETE FROM projection_cursor WHERE projection = 'resuming' RETURNING 1")
        self.catch_up()

    def rest(self, hours: float) -> datetime:
        """The time when nothing has happened for so long."""
        self.catch_up()
        ((last,),) = self.rows(f"SELECT last_message_at FROM lead WHERE id = '{self.conversation.lead_id}'")
        moment: datetime = last
        return moment + timedelta(hours=hours)

    def remind(self, hours: float) -> int:
        at = self.rest(hours)
        return reminders.remind(self.database, self.tenant_id, at)

    def later(self, hours: float, type_: str, data: dict[str, Any], actor: str) -> None:
        """One more event, so many hours from now; the read models have not seen it yet."""
        with self.database.transaction(self.tenant_id) as connection:
            ((version,),) = connection.execute(
                select(func.max(event.c.version)).where(event.c.stream_id == self.conversation.id)
            )
            connection.execute(
                insert(event).values(
                    tenant_id=self.tenant_id, stream_id=self.conversation.id, version=version + 1, id=new_id(),
                    stream_type="conversation", type=type_, data=data, actor=actor, correlation_id="correlation-1",
                    occurred_at=now() + timedelta(hours=hours),
                )
            )  # fmt: skip

    def another(self, **more: Any) -> "Case":
        """The same agency with one more lead."""
        first = self.conversation
        return replace(
            self, conversation=open_conversation(self.database, self.tenant_id, first.flow_version_id, **more)
        )

    def keep(self, remind: bool = True, hours: int = 20) -> None:
        with self.database.transaction(self.tenant_id) as connection:
            api.save_settings(connection, self.tenant_id, api.ResumingSettings(remind, hours))

    def work(self, name: str = "resuming.send") -> int:
        """Run the open tasks of this name as a worker does; how many."""
        waiting = self.rows(f"SELECT id, payload FROM outbox WHERE task = '{name}' AND completed_at IS NULL")
        for row_id, payload in waiting:
            call = task.TaskCall(self.tenant_id, row_id, "correlation-1", self.settings, self.database)
            task.run(name, call, payload)
        return len(waiting)

    def letters(self) -> list[Any]:
        """Kind, recipient, whether it was sent, and why not."""
        rows = self.rows("SELECT kind, sent_at IS NOT NULL, failure FROM resume_letter ORDER BY created_at, id")
        with self.database.transaction(self.tenant_id) as connection:
            recipients = unsealed(connection, self.tenant_id, "resume_letter", "recipient", "created_at, id")
        return [(kind, who, *more) for (kind, *more), who in zip(rows, recipients, strict=True)]

    def rows(self, sql: str) -> list[Any]:
        with self.database.transaction(self.tenant_id) as connection:
            return list(connection.execute(text(sql)).tuples())


def open_conversation(
    database: Database, tenant_id: UUID, flow_version_id: UUID, channel: str = "widget", locale: str = "en"
) -> Conversation:
    """One whose lead has answered the first of the questions."""
    conversation = Conversation(database, tenant_id, flow_version_id=flow_version_id)
    with database.transaction(tenant_id) as connection:
        connection.execute(
            text(
                "INSERT INTO conversation (tenant_id, id, lead_id, channel, locale, flow_version_id, version)"
                " VALUES (:tenant, :id, :lead, :channel, :locale, :flow, 1)"
            ),
            {
                "tenant": tenant_id, "id": conversation.id, "lead": conversation.lead_id, "flow": flow_version_id,
                "channel": channel, "locale": locale,
            },
        )  # fmt: skip
    conversation.start(channel, locale)
    conversation.add("qualification.question_asked", {"question": "goal", "ordinal": 1})
    return conversation.ask("What do you want?").say("more sales").answer("goal", "sales", 1)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.url = f"smtp://127.0.0.1:{controller.port}"
    yield box
    controller.stop()


@pytest.fixture
def make_case(
    database: Database,
    relay_database: Database,
    settings: Settings,
    make_tenant: Callable[..., UUID],
    mailbox: Mailbox,
    redis: Redis,
) -> Callable[..., Case]:
    reachable = settings.model_copy(update={"smtp_url": SecretStr(mailbox.url)})
    projections = {leads.PROJECTION_NAME: leads.projection(redis), api.PROJECTION_NAME: api.project}
    projector = Projector(relay_database, database, projections)

    def make(channel: str = "widget", locale: str = "en", website: str = "https://shop.example") -> Case:
        tenant_id = make_tenant("Brightlane", locale)
        with database.transaction(tenant_id) as connection:
            flow = flows.publish(connection, tenant_id, "questions", "Questions", FLOW)
            brand = '{"website": "' + website + '", "color": "#0b5d4b", "email": "hello@brightlane.example"}'
            connection.execute(
                text("UPDATE tenant SET brand = CAST(:brand AS jsonb) WHERE tenant_id = :tenant"),
                {"brand": brand, "tenant": tenant_id},
            )
        conversation = open_conversation(database, tenant_id, flow.id, channel, locale)
        case = Case(database, reachable, projector, relay_database, conversation)
        case.catch_up()
        return case

    return make


@pytest.fixture
def case(make_case: Callable[..., Case]) -> Case:
    return make_case()
