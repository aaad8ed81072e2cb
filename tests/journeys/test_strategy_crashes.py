"""`kill -9` of the worker inside each step that makes and delivers a strategy: in the end everything is there, once."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
import requests

from devstack.stack import Stack
from tests.journeys.conftest import eventually
from tests.journeys.interviews import SHOP, Say, answer_all, of_somebody_else
from tests.journeys.lead import Lead
from tests.journeys.locks import hold, no_strategy_is_written
from tests.markezy.strategies.enrichment.language_model import LanguageModel, settings_for

AGENCY = "brightlane"
TWO_RETRIES = 150
"""Seconds; a row comes again 20 s after it was handed out, then after 40 s more (markezy.kernel.outbox)."""


@dataclass
class Case:
    """A lead who only has to confirm, and what became of them."""

    stack: Stack
    lead: Lead
    email: str

    @property
    def tasks(self) -> list[tuple[str, str]]:
        """The work that was asked for because of the lead, with its state, in order."""
        return self.rows(
            "SELECT task, CASE WHEN completed_at IS NOT NULL THEN 'done' WHEN failed_at IS NOT NULL THEN 'dead' ELSE 'open' END"
            " FROM outbox WHERE correlation_id = %s AND (task LIKE 'strategies.%%' OR task = 'crm.sync') ORDER BY id",
            self.lead.correlation_id,
        )

    @property
    def is_done(self) -> bool:
        """Every step up to the CRM is done, and nothing is open."""
        return "crm.sync" in dict(self.tasks) and "open" not in dict(self.tasks).values()

    @property
    def deliveries(self) -> set[str]:
        """The ways by which a delivery was begun."""
        return {channel for (channel,) in self.rows(f"SELECT channel FROM delivery WHERE {_STRATEGY}", self.lead.id)}

    def rows(self, sql: str, *parameters: str | None) -> list[Any]:
        with psycopg.connect(self.stack.owner_url) as connection:
            return connection.execute(sql, parameters).fetchall()


_LEAD = "lead_id = (SELECT lead_id FROM conversation WHERE id = %s)"
_STRATEGY = f"strategy_id IN (SELECT id FROM strategy WHERE {_LEAD})"


@pytest.fixture
def model(
    language_model: LanguageModel, demo: dict[str, Any], log_in: Callable[[str], requests.Session]
) -> Iterator[LanguageModel]:
    """The agency's language model, which answers."""
    given = vars(settings_for(language_model))
    body = {**given, "sections": list(given["sections"])} | {
        name: float(given[name]) for name in ("monthly_cap", "price_in", "price_out")
    }
    address = f"{demo['platform_url']}/api/v1/strategy-model"
    configured = log_in(AGENCY).put(address, json=body, timeout=30)
    assert configured.status_code == 200, configured.text
    yield language_model
    language_model.fault = ""
    assert log_in(AGENCY).delete(address, timeout=30).status_code == 204


@pytest.fixture
def make_cases(stack: Stack, make_lead: Callable[..., Lead]) -> Callable[[int], list[Case]]:
    def case(_number: int) -> Case:
        interview = of_somebody_else(SHOP)
        told = interview["email"]
        assert isinstance(told, Say)
        lead = make_lead(AGENCY)
        lead.correlation_id = f"crash-{lead.id}"
        answer_all(lead, interview)
        return Case(stack, lead, told.text)

    def make(how_many: int) -> list[Case]:
        with ThreadPoolExecutor(how_many) as pool:
            made = list(pool.map(case, range(how_many)))
        no_strategy_is_written(stack)
        return made

    return make


@contextmanager
def thoughtful(model: LanguageModel) -> Iterator[None]:
    """The model takes a question and does not answer while the block lasts."""
    model.asked.clear()
    model.released = threading.Event()
    model.fault = "times_out"
    try:
        yield
    finally:
        model.fault = ""
        model.released.set()


def is_there_once(case: Case, demo: dict[str, Any]) -> None:
    eventually(lambda: case.is_done, "everything to be done for the lead", TWO_RETRIES)
    assert "dead" not in dict(case.tasks).values()
    assert case.rows(f"SELECT edition, status FROM strategy WHERE {_LEAD}", case.lead.id) == [(1, "rendered")]
    documents = case.rows(f"SELECT kind FROM strategy_document WHERE {_STRATEGY} ORDER BY kind", case.lead.id)
    assert documents == [("briefing",), ("strategy",)]
    assert len([entry for entry in case.lead.transcript() if entry.get("attachment")]) == 1
    noted = Counter(
        type_
        for (type_,) in case.rows(
            "SELECT type FROM event WHERE stream_id = (SELECT lead_id FROM conversation WHERE id = %s)", case.lead.id
        )
        if type_.startswith(("strategy.", "crm."))
    )
    assert noted == dict.fromkeys(
        ("strategy.generated", "strategy.rendered", "strategy.announced", "strategy.emailed", "crm.synced"), 1
    )
    mails = requests.get(demo["mail_url"], timeout=30).json()["items"]
    assert len([mail for mail in mails if case.email in mail["to"]]) == 1
    (account,) = [
        one for one in requests.get(demo["sandbox_crm_url"], timeout=30).json()["items"] if one["name"] == AGENCY
    ]
    (contact,) = [one for one in account["contacts"] if one["properties"]["email"] == case.email]
    for kind in ("deals", "notes"):
        assert len([one for one in account[kind] if one["associations"]["contacts"] == [contact["id"]]]) == 1, kind


def kill_the_worker(stack: Stack, *inside: tuple[Case, str]) -> None:
    """Kill it inside these steps; it has a process for each of two."""
    for case, task in inside:
        assert (task, "open") in case.tasks, (task, case.tasks)
    stack.kill("worker")


def test_while_it_writes_one_strategy_and_waits_for_better_words_of_another(
    stack: Stack, demo: dict[str, Any], model: LanguageModel, make_cases: Callable[[int], list[Case]]
) -> None:
    written, improved = make_cases(2)
    with thoughtful(model):
        improved.lead.tap("/confirm")
        eventually(lambda: model.asked, "the model to be asked")
        with hold(stack, "LOCK TABLE strategy IN SHARE MODE") as is_awaited:
            written.lead.tap("/confirm")
            eventually(is_awaited, "a strategy to be kept")
            kill_the_worker(stack, (written, "strategies.generate"), (improved, "strategies.improve"))
    stack.wait_ready("worker")
    is_there_once(written, demo)
    is_there_once(improved, demo)


def test_while_it_checks_one_strategy_and_keeps_the_documents_of_another(
    stack: Stack, demo: dict[str, Any], model: LanguageModel, make_cases: Callable[[int], list[Case]]
) -> None:
    checked, rendered = make_cases(2)
    with ExitStack() as locks:
        is_awaited = locks.enter_context(hold(stack, "LOCK TABLE strategy_document IN SHARE MODE"))
        rendered.lead.tap("/confirm")
        eventually(is_awaited, "the documents to be kept")
        with thoughtful(model):
            checked.lead.tap("/confirm")
            eventually(lambda: model.asked, "the model to be asked")
            is_awaited = locks.enter_context(hold(stack, "LOCK TABLE strategy IN SHARE MODE"))
        eventually(is_awaited, "what the check found to be kept")
        kill_the_worker(stack, (checked, "strategies.check"), (rendered, "strategies.render"))
    stack.wait_ready("worker")
    is_there_once(checked, demo)
    is_there_once(rendered, demo)


def test_while_the_bot_and_the_mail_server_take_their_time(
    stack: Stack, demo: dict[str, Any], make_cases: Callable[[int], list[Case]]
) -> None:
    (case,) = make_cases(1)
    with stack.frozen("sandbox"), ExitStack() as bot:
        with hold(stack, "LOCK TABLE strategy_document IN SHARE MODE") as is_awaited:
            case.lead.tap("/confirm")
            eventually(is_awaited, "the documents to be kept")
            bot.enter_context(stack.frozen("rasa"))
        eventually(lambda: case.deliveries == {"chat", "email"}, "both deliveries to be begun")
        kill_the_worker(stack, (case, "strategies.announce"), (case, "strategies.email"))
    stack.wait_ready("worker")
    is_there_once(case, demo)


def test_when_the_crm_has_the_contact_and_that_is_not_noted(
    stack: Stack, demo: dict[str, Any], make_cases: Callable[[int], list[Case]]
) -> None:
    (case,) = make_cases(1)
    with ExitStack() as crm:
        crm.enter_context(stack.frozen("sandbox"))
        case.lead.tap("/confirm")
        eventually(lambda: case.rows(f"SELECT 1 FROM crm_sync WHERE {_STRATEGY}", case.lead.id), "the sync to be begun")
        with hold(stack, f"SELECT 1 FROM crm_sync WHERE {_STRATEGY} FOR UPDATE", case.lead.id) as is_awaited:
            crm.close()
            eventually(is_awaited, "the CRM's answer to be kept")
            assert case.email in requests.get(demo["sandbox_crm_url"], timeout=30).text
            kill_the_worker(stack, (case, "crm.sync"))
    stack.wait_ready("worker")
    is_there_once(case, demo)
