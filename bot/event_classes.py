"""Event classes by their type name.

Rasa finds the class of a serialised event by walking every subclass of `Event`, each time anew: a tenth of a message.
"""

from functools import cache

from rasa.shared.core.events import Event

import bot.events  # noqa: F401  (defines an event class)

_walk = Event.resolve_by_type


@cache
def event_class(type_name: str) -> type[Event]:
    """The class for `type_name`; raises ValueError for an unknown one (and does not remember that)."""
    found = _walk(type_name)
    if found is None:
        raise ValueError(f"unknown event type {type_name!r}")
    return found
