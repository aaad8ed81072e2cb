"""What the sandbox CRM holds: one portal per token, kept in a file so that a restart loses nothing."""

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

OBJECT_TYPES = ("contacts", "deals", "notes")
HOME_CURRENCY = "EUR"
_CLOSED = ("closedwon", "closedlost")


def calculated(stage: str) -> dict[str, str]:
    """What HubSpot makes of a deal's stage by itself."""
    return {"hs_is_closed": str(stage in _CLOSED).lower(), "hs_is_closed_won": str(stage == "closedwon").lower()}


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
        if kind == "deals":
            record.properties.update(calculated(record.properties.get("dealstage", "")))
        return record

    def update(self, record: Record, properties: dict[str, str]) -> None:
        before = record.properties.get("dealstage")
        record.properties.update(properties)
        record.updated_at = _now()
        stage = record.properties.get("dealstage")
        if stage is not None and stage != before:
            record.properties.update(calculated(stage))
            if stage in _CLOSED and "closedate" not in properties:
                record.properties["closedate"] = record.updated_at

    def merge(self, deals: list[Record]) -> Record:
        """One new deal in place of these, which it names; asked for one of them, the account answers with it."""
        properties = {name: value for one in deals for name, value in one.properties.items()}
        merged = self.create("deals", properties | {"hs_merged_object_ids": ";".join(one.id for one in deals)})
        for one in deals:
            self.remove("deals", one.id)
        return merged

    def find(self, kind: str, wanted: str, id_property: str | None) -> Record | None:
        if id_property is None:
            return self.records[kind].get(wanted) or self._merged(kind, wanted)
        same = (one for one in self.records[kind].values() if _equal(id_property, one.properties, wanted))
        return next(same, None)

    def _merged(self, kind: str, wanted: str) -> Record | None:
        parts = ((one, one.properties.get("hs_merged_object_ids", "")) for one in self.records[kind].values())
        return next((one for one, ids in parts if wanted in ids.split(";")), None)

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
