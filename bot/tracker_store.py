"""The conversation's event stream as Rasa's tracker store (docs/decisions/0005-tracker-store.md).

Loading and saving are one round trip each and cost the same at turn 5 and at turn 200. An error always reaches the
channel: there is no other place where a conversation could go.
"""

import json
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timezone
from functools import partial
from itertools import islice
from typing import Any

from psycopg import OperationalError
from psycopg_pool import PoolTimeout
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from uuid_utils import uuid7

from bot import rasa_tuning, remote_action, sql
from bot.conversation_tracker import ConversationTracker, Loaded
from bot.database import Database, Row
from bot.keys import NoKeys, begin, lead_keys, opened_row
from bot.stored_events import UNLOGGED_SLOTS, Record, Recorder, rebuild_all
from bot.transcript import entries
from bot.turn import (
    ActionFailed,
    AlreadyProcessed,
    StaleTurn,
    Turn,
    UnknownConversation,
    UnknownMessage,
    current_turn,
    parse_sender_id,
)
from bot.wakeups import WakeUps
from envelope.events import sealed
from envelope.keys import Keys
from envelope.upcasting import current_version

REMEMBERED_RECORDS = 40
"""At most so many records of the last turn go into the snapshot; an ordinary turn has about four."""

PLATFORM_CHANNEL = "news"
"""Messages of this inbox channel come from the platform, not from the visitor."""


class AtShutdown:
    """Stands where Rasa keeps an event broker: the one thing of an agent that it closes when the server stops."""

    def __init__(self, close: Callable[[], Awaitable[None]]) -> None:
        self._close = close

    async def close(self) -> None:
        await self._close()


class EventTrackerStore(TrackerStore):
    """Keeps conversations in the table `event`, with a snapshot of each in `conversation`."""

    fails_loudly = True
    """Not to be wrapped into Rasa's fail-safe store (bot/rasa_tuning.py)."""

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        host: str | None = None,
        redis_url: str | None = None,
        **kwargs: Any,
    ) -> None:
        """`host` is the database's URL: Rasa passes an endpoint's `url` under that name."""
        if event_broker is not None:
            raise ValueError("the tracker store is the event log itself: remove event_broker from endpoints.yml")
        rasa_tuning.apply()
        self.database = Database(host or "")
        self.wakeups = WakeUps(redis_url) if redis_url else None
        super().__init__(domain, AtShutdown(self.close), **kwargs)

    async def retrieve(self, sender_id: str) -> ConversationTracker:
        """The conversation as its last turn left it.

        Raises UnknownConversation, and for the current turn's message AlreadyProcessed or UnknownMessage.
        """
        row = await self._load(sender_id)
        keys = await self._keys(sender_id, row)
        snapshot = _opened_snapshot(sender_id, row, keys)
        loaded = Loaded(
            row["version"], keys, _slots(row, snapshot), snapshot.get("paused", False), snapshot.get("loop")
        )
        return ConversationTracker(sender_id, self.domain.slots, loaded, rebuild_all(snapshot.get("turn", ())))

    async def retrieve_full_tracker(self, conversation_id: str) -> ConversationTracker:
        """The conversation with every event since it started. Its cost grows with the conversation."""
        row = await self._load(conversation_id)
        keys = await self._keys(conversation_id, row)
        stored = await self._stream(conversation_id, keys, up_to=row["version"])
        snapshot = _opened_snapshot(conversation_id, row, keys)
        slots = _slots(row, snapshot)
        loaded = Loaded(row["version"], keys, slots, snapshot.get("paused", False), snapshot.get("loop"))
        events = rebuild_all((each["type"], each["occurred_at"].timestamp(), each["data"]) for each in stored)
        unlogged: list[Event] = [SlotSet(name, slots[name]) for name in UNLOGGED_SLOTS if name in slots]
        return ConversationTracker(conversation_id, self.domain.slots, loaded, [*unlogged, *events])

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append the turn's events and mark its message processed: all of it or, with an exception, nothing."""
        if not isinstance(tracker, ConversationTracker):
            raise TypeError("only a tracker that this store has loaded can be saved")
        if tracker.loaded.failure is not None:
            raise ActionFailed("an action failed, so the turn is not stored") from tracker.loaded.failure
        turn = self._turn_of(tracker)
        new = list(islice(tracker.events, tracker.loaded.saved, None))
        records = self._recorder(tracker, turn).records(new)
        if not records:
            return
        rows = _rows(records, tracker.loaded.version)
        await self._append(tracker, turn, records, rows)
        last_version = rows[-1]["version"]
        tracker.loaded.version, tracker.loaded.saved = last_version, len(tracker.events)
        tenant_id, conversation_id = parse_sender_id(tracker.sender_id)
        if turn is not None:
            turn.first_version, turn.last_version = rows[0]["version"], last_version
            turn.messages = entries(rows)
        if self.wakeups is not None:
            self.wakeups.announce(tenant_id, conversation_id, last_version)

    async def exists(self, conversation_id: str) -> bool:
        """Whether the tenant named in the id has this conversation."""
        tenant_id, id_ = parse_sender_id(conversation_id)
        return bool(await self.database.fetch(tenant_id, sql.EXISTS, {"tenant_id": tenant_id, "id": id_}))

    async def keys(self) -> Iterable[str]:
        """No sender ids: a tracker store acts for one tenant at a time, and here none is named."""
        return []

    async def ping(self) -> None:
        """Return when PostgreSQL answers; raise when it doesn't."""
        await self.database.ping()

    async def close(self) -> None:
        """Let go of PostgreSQL, Redis and the action server."""
        await remote_action.close()
        if self.wakeups is not None:
            await self.wakeups.close()
        await self.database.close()

    async def _load(self, sender_id: str) -> Row:
        tenant_id, conversation_id = parse_sender_id(sender_id)
        turn = current_turn.get()
        wanted = {
            "tenant_id": tenant_id,
            "id": conversation_id,
            "channel": turn.channel if turn else None,
            "message_id": turn.message_id if turn else None,
        }
        try:
            found = await self.database.fetch(tenant_id, sql.LOAD, wanted)
        except PoolTimeout:
            raise
        except OperationalError:
            # A connection that PostgreSQL closed while it lay in the pool; reading again is harmless.
            await (await self.database.pool()).check()
            found = await self.database.fetch(tenant_id, sql.LOAD, wanted)
        if not found:
            raise UnknownConversation(f"there is no conversation {conversation_id} in tenant {tenant_id}")
        row = found[0]
        if turn is not None and turn.last_version is None:
            if not row["in_inbox"]:
                raise UnknownMessage("the message is not in the inbox of its conversation")
            if row["processed"]:
                raise AlreadyProcessed(row["first_version"], row["last_version"])
        return row

    async def _keys(self, sender_id: str, row: Row) -> Keys:
        """The lead's keys; UnknownConversation once they were destroyed."""
        tenant_id, conversation_id = parse_sender_id(sender_id)
        lead_id = str(row["lead_id"])
        try:
            if row["keys"]:
                return lead_keys(tenant_id, lead_id, row["keys"])
            return await begin(partial(self.database.fetch, tenant_id), tenant_id, lead_id)
        except NoKeys:
            raise UnknownConversation(f"the lead of conversation {conversation_id} was erased") from None

    async def _stream(self, sender_id: str, keys: Keys, up_to: int) -> list[Row]:
        tenant_id, conversation_id = parse_sender_id(sender_id)
        rows = await self.database.fetch(
            tenant_id, sql.STREAM, {"tenant_id": tenant_id, "id": conversation_id, "up_to": up_to}
        )
        return [opened_row(row, keys, tenant_id) for row in rows]

    async def _append(
        self, tracker: ConversationTracker, turn: Turn | None, records: list[Record], rows: list[Row]
    ) -> None:
        tenant_id, conversation_id = parse_sender_id(tracker.sender_id)
        pending = turn is not None and turn.last_version is None
        keys = tracker.loaded.keys
        appended = await self.database.execute(
            tenant_id,
            sql.APPEND,
            {
                "tenant_id": tenant_id,
                "id": conversation_id,
                "expected": tracker.loaded.version,
                "first": rows[0]["version"],
                "last": rows[-1]["version"],
                "snapshot": keys.seal_json(_snapshot(tracker, records), _snapshot_context(tenant_id, conversation_id)),
                "channel": turn.channel if turn and pending else None,
                "message_id": turn.message_id if turn and pending else None,
                "correlation_id": turn.correlation_id if turn else _correlation_id(tracker),
                "events": _json([_sealed_row(row, keys, tenant_id) for row in rows]),
            },
        )
        if appended != len(rows):
            raise StaleTurn(f"conversation {conversation_id} moved on from version {tracker.loaded.version}")

    @staticmethod
    def _turn_of(tracker: ConversationTracker) -> Turn | None:
        turn = current_turn.get()
        if turn is not None and turn.sender_id != tracker.sender_id:
            raise ValueError("the current turn belongs to another conversation")
        return turn

    @staticmethod
    def _recorder(tracker: ConversationTracker, turn: Turn | None) -> Recorder:
        buttons: list[Mapping[str, Any]] = [
            button
            for event in islice(tracker.events, tracker.loaded.saved)
            if isinstance(event, BotUttered)
            for button in event.data.get("buttons") or ()
        ]
        channel = turn.channel if turn else ""
        actor = "platform" if channel == PLATFORM_CHANNEL else "visitor"
        staff = turn.staff if turn else ""
        return Recorder(channel, turn.message_id if turn else "", actor, buttons, _spoken(tracker), staff)


def _spoken(tracker: ConversationTracker) -> str:
    """The language the conversation is in: the one it was switched to, or the one it was created with."""
    qualification = tracker.get_slot("qualification") or {}
    return str(qualification.get("locale") or tracker.get_slot("locale"))


def _slots(row: Row, snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """The locale the conversation was created with and whatever its turns have set."""
    return {"locale": row["locale"], **snapshot.get("slots", {})}


def _snapshot(tracker: ConversationTracker, records: list[Record]) -> dict[str, Any]:
    remembered = [each for each in records if not each.type.startswith("qualification.")][-REMEMBERED_RECORDS:]
    snapshot: dict[str, Any] = {
        "slots": tracker.changed_slots(),
        "turn": [(each.type, each.at, each.data) for each in remembered],
    }
    if tracker.is_paused():
        snapshot["paused"] = True
    if tracker.active_loop_name:
        snapshot["loop"] = tracker.active_loop_name
    return snapshot


def _opened_snapshot(sender_id: str, row: Row, keys: Keys) -> dict[str, Any]:
    if row["snapshot"] is None:
        return {}
    snapshot: dict[str, Any] = keys.open_json(row["snapshot"], _snapshot_context(*parse_sender_id(sender_id)))
    return snapshot


def _snapshot_context(tenant_id: str, conversation_id: str) -> str:
    return f"conversation.snapshot/{tenant_id}/{conversation_id}"


def _sealed_row(row: Row, keys: Keys, tenant_id: str) -> Row:
    return {
        **row,
        "data": sealed(row["type"], row["data"], keys, tenant_id, row["id"]),
        "occurred_at": row["occurred_at"].isoformat(),
    }


def _rows(records: list[Record], version: int) -> list[Row]:
    return [
        {
            "version": version + place,
            "id": str(uuid7()),
            "type": record.type,
            "schema_version": current_version(record.type),
            "actor": record.actor,
            "data": record.data,
            "occurred_at": datetime.fromtimestamp(record.at, timezone.utc),
        }
        for place, record in enumerate(records, start=1)
    ]


def _correlation_id(tracker: ConversationTracker) -> str:
    message = tracker.latest_message
    given = message.metadata.get("correlation_id") if message is not None else None
    return given or str(uuid.uuid4())


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
