"""kill -9 between the steps: nobody is reminded twice, and no letter is lost."""

import asyncio
import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import SecretStr

from devstack.servers import free_port
from tests.markezy.handover.mailbox import Mailbox
from tests.markezy.resuming import processes
from tests.markezy.resuming.conftest import Case

SPAWN = multiprocessing.get_context("spawn")


class SlowMailbox(Mailbox):
    """Takes a message and keeps its sender waiting for the yes."""

    def __init__(self) -> None:
        super().__init__()
        self.may_answer = threading.Event()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.to_thread(self.may_answer.wait, 60)
        return answer


@pytest.fixture
def slow_mailbox() -> Iterator[SlowMailbox]:
    box = SlowMailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.url = f"smtp://127.0.0.1:{controller.port}"
    yield box
    box.may_answer.set()
    controller.stop()


def test_a_beat_killed_before_its_commit_leaves_the_reminder_to_the_next(case: Case) -> None:
    at, claimed = case.rest(21), SPAWN.Event()
    beat = SPAWN.Process(target=processes.claim_and_wait, args=(case.settings, case.tenant_id, at, claimed))
    beat.start()
    assert claimed.wait(60)
    beat.kill()
    beat.join(30)
    assert case.letters() == []
    assert [case.remind(21), case.remind(21)] == [1, 0]
    assert case.rows("SELECT intent FROM handover_news") == [("reminder",)]


def test_a_beat_killed_after_its_commit_has_left_all_there_is_to_do(case: Case, mailbox: Mailbox) -> None:
    case.conversation.answer("write_to", "zoe@example.com", 3)
    assert case.remind(21) == 1
    # Whoever comes next finds the whole reminder written down: nothing is kept in a process.
    assert case.rows("SELECT task FROM outbox ORDER BY task") == [("handover.deliver",), ("resuming.send",)]
    assert case.remind(22) == 0
    case.work()
    assert len(mailbox.taken) == 1


def test_a_worker_killed_before_the_mail_servers_yes_sends_the_same_letter_again(
    case: Case, slow_mailbox: SlowMailbox
) -> None:
    case.settings = case.settings.model_copy(update={"smtp_url": SecretStr(slow_mailbox.url)})
    case.asks_for_a_link()
    ((row_id, payload),) = case.rows("SELECT id, payload FROM outbox WHERE task = 'resuming.send'")
    worker = SPAWN.Process(target=processes.send, args=(case.settings, case.tenant_id, row_id, payload))
    worker.start()
    eventually(lambda: len(slow_mailbox.taken) == 1)
    worker.kill()
    worker.join(30)
    assert case.letters() == [("link", "zoe@example.com", False, None)]
    slow_mailbox.may_answer.set()

    def sent() -> bool:
        # The dead worker's lock on the row ends when PostgreSQL has noticed.
        case.work()
        return case.letters() == [("link", "zoe@example.com", True, None)]

    eventually(sent)
    first, second = slow_mailbox.taken
    assert first["Message-ID"] == second["Message-ID"]
    assert case.work() == 0


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.02)
