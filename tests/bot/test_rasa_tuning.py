import asyncio
import logging
from types import SimpleNamespace
from typing import Any

import pytest
import rasa.shared.utils.common
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.run import close_resources
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore, TrackerStore
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot import event_classes, rasa_tuning
from bot.graph_plan import run_planned
from bot.tracker_store import EventTrackerStore

_RASAS_RUN = DaskGraphRunner.run


def test_the_agent_takes_our_store_as_it_is(store: EventTrackerStore) -> None:
    assert Agent(tracker_store=store).tracker_store is store


def test_the_agent_still_wraps_any_other_store() -> None:
    assert isinstance(Agent(tracker_store=InMemoryTrackerStore(Domain.empty())).tracker_store, FailSafeTrackerStore)
    assert isinstance(Agent().tracker_store, FailSafeTrackerStore)


def test_rasa_creates_our_store_from_endpoints_without_a_wrapper(database_url: str, redis_url: str) -> None:
    endpoint = EndpointConfig(database_url, type="bot.tracker_store.EventTrackerStore", redis_url=redis_url)

    assert type(TrackerStore.create(endpoint)) is EventTrackerStore


def test_a_store_without_a_database_is_an_error() -> None:
    with pytest.raises(ValueError, match="DATABASE_URL"):
        EventTrackerStore(Domain.empty(), None, host="")


def test_every_event_type_resolves_to_the_class_rasa_finds() -> None:
    classes = rasa.shared.utils.common.all_subclasses(Event)

    for name in {cls.type_name for cls in classes}:
        assert rasa_tuning.resolve_by_type(name) is event_classes._walk(name)


def test_an_unknown_event_type_is_treated_as_rasa_does() -> None:
    assert rasa_tuning.resolve_by_type("topic") is None
    assert rasa_tuning.resolve_by_type("unheard", UserUttered) is UserUttered
    with pytest.raises(ValueError, match="unheard"):
        rasa_tuning.resolve_by_type("unheard")


def test_the_planned_graph_gives_what_the_dask_graph_gives(model_path: str, domain: Domain) -> None:
    processor = Agent.load(model_path).processor
    assert processor is not None
    runner, metadata = processor.graph_runner, processor.model_metadata
    events = [ActionExecuted("action_listen"), UserUttered("hello", {"name": "start"})]
    tracker = DialogueStateTracker.from_events("someone", events, domain.slots)

    for text in ("hello", "what price", "/start", "anything else"):
        inputs: dict[str, Any] = {
            PLACEHOLDER_MESSAGE: [UserMessage(text, message_id="m")],
            PLACEHOLDER_TRACKER: tracker,
        }
        nlu, core = metadata.nlu_target, metadata.core_target
        planned = run_planned(runner, inputs, [nlu])
        scheduled = _RASAS_RUN(runner, inputs, [nlu])
        assert planned[nlu][0].as_dict() == scheduled[nlu][0].as_dict()
        planned, scheduled = run_planned(runner, inputs, [core]), _RASAS_RUN(runner, inputs, [core])
        assert planned[core].probabilities == scheduled[core].probabilities
        assert planned[core].events == scheduled[core].events


def test_debug_lines_still_get_their_copies(caplog: pytest.LogCaptureFixture) -> None:
    value = {"events": [1]}

    with caplog.at_level(logging.DEBUG, logger="rasa.core.processor"):
        copied = rasa_tuning.deepcopy_for_the_log(value)
    with caplog.at_level(logging.INFO, logger="rasa.core.processor"):
        spared = rasa_tuning.deepcopy_for_the_log(value)

    assert copied == value
    assert copied is not value
    assert spared is None


@pytest.mark.asyncio
async def test_rasa_closes_the_store_when_its_server_stops(store: EventTrackerStore) -> None:
    pool = await store.database.pool()
    application = SimpleNamespace(ctx=SimpleNamespace(agent=Agent(tracker_store=store)))

    await close_resources(application, asyncio.get_running_loop())

    assert pool.closed
