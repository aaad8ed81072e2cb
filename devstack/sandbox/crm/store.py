"""What the sandbox CRM holds: one portal per token, kept in a file so that a restart loses nothing."""

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

OBJECT_TYPES = ("contacts", "deals", "notes")


@dataclass
class Record:
    """A CRM object; `associations` maps an object type to the ids it is attached to."""

    id: str
    properties: dict[str, str]
    created_at: str
    updated_at: str
    associations: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Portal:
    """One agency's CRM account."""

    records: dict[str, dict[str, Record]] = field(default_factory=lambda: {kind: {} for kind in OBJECT_TYPES})
    properties: dict[str, dict[str, dict[str, Any]]] = field(
        default_factory=lambda: {kind: {} for kind in OBJECT_TYPES}
    )
    next_id: int = 1001

    def create(self, kind: str, properties: dict[str, str]) -> Record:
        now = _now()
        record = Record(str(self.next_id), {**properties, "hs_object_id": str(self.next_id)}, now, now)
        self.next_id += 1
        self.records[kind][record.id] = record
        return record

    def update(self, record: Record, properties: dict[str, str]) -> None:
        record.properties.update(properties)
        record.updated_at = _now()

    def find(self, kind: str, wanted: str, id_property: str | None) -> Record | None:
        if id_property is None:
            return self.records[kind].get(wanted)
        same = (one for one in self.records[kind].values() if _equal(id_property, one.properties, wanted))
        return next(same, None)

    def remove(self, kind: str, wanted: str) -> bool:
        """Remove a record and what refers to it; False when there is none."""
        if self.records[kind].pop(wanted, None) is None:
            return False
        for others in self.records.values():
            for other in others.values():
                if wanted in other.associations.get(kind, []):
                    other.associations[kind].remove(wanted)
        return True

    def associate(self, kind: str, record: Record, other_kind: str, other: Record) -> None:
        for one, to_kind, to in ((record, other_kind, other), (other, kind, record)):
            ids = one.associations.setdefault(to_kind, [])
            if to.id not in ids:
                ids.append(to.id)


class Store:
    """All portals, written to `path` as a whole after each change."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.portals: dict[str, Portal] = {}
        if path.exists():
            for token, saved in json.loads(path.read_text()).items():
                records = {
                    kind: {key: Record(**one) for key, one in saved["records"][kind].items()} for kind in OBJECT_TYPES
                }
                self.portals[token] = Portal(records, saved["properties"], saved["next_id"])

    def portal(self, token: str) -> Portal:
        return self.portals.setdefault(token, Portal())

    def save(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".draft")
        draft.write_text(json.dumps({token: asdict(portal) for token, portal in self.portals.items()}))
        os.replace(draft, self._path)


def _equal(name: str, properties: dict[str, str], wanted: str) -> bool:
    value = properties.get(name, "")
    return value.lower() == wanted.lower() if name == "email" else value == wanted


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
