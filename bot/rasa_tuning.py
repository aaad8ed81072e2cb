"""The few places where Rasa 3.6 has no extension point and we replace one of its functions.

Each is small, keeps the replaced function's promise for our own stores, is tested in tests/bot/test_rasa_tuning.py, and
is listed with its reason and gain in docs/decisions/0005-tracker-store.md. The tracker store applies them when Rasa
creates it, which is before the agent exists; so a plain `rasa run` has them.
"""

import copy
import logging
from types import SimpleNamespace
from typing import Any

import rasa.core.processor
import rasa.engine.runner.dask
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event

from bot import event_classes, remote_action
from bot.graph_plan import run_planned

_processor_log = logging.getLogger("rasa.core.processor")
_wrap_fail_safe = Agent._create_tracker_store


def apply() -> None:
    """Put the replacements in place. Doing it again changes nothing."""
    Agent._create_tracker_store = staticmethod(keep_unwrapped)  # type: ignore[method-assign]
    Event.resolve_by_type = staticmethod(resolve_by_type)  # type: ignore[method-assign]
    RemoteAction.run = remote_action.run  # type: ignore[method-assign]
    rasa.engine.runner.dask.DaskGraphRunner.run = run_planned  # type: ignore[method-assign]
    rasa.core.processor.copy = SimpleNamespace(deepcopy=deepcopy_for_the_log)  # type: ignore[attr-defined]


def keep_unwrapped(store: TrackerStore | None, domain: Domain) -> TrackerStore:
    """Agent's wrapper answers a failing store with an empty in-memory one. Ours must fail loudly instead."""
    if store is None or not getattr(store, "fails_loudly", False):
        return _wrap_fail_safe(store, domain)
    store.domain = domain
    return store


def resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """`Event.resolve_by_type` from a table."""
    try:
        return event_classes.event_class(type_name)
    except ValueError:
        if type_name == "topic":
            return None
        if default is not None:
            return default
        raise


def deepcopy_for_the_log(value: Any) -> Any:
    """The processor's deep copies are for its debug lines only: made when such a line is written, and else not."""
    return copy.deepcopy(value) if _processor_log.isEnabledFor(logging.DEBUG) else None
