"""Changing the record behind its back: as the owner of the tables, with the trigger that refuses it out of the way."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg


class Tamperer:
    """A superuser at a database."""

    def __init__(self, url: str) -> None:
        self._url = url

    def run(self, statement: str, **values: Any) -> None:
        with psycopg.connect(self._url) as connection:
            connection.execute("SET LOCAL session_replication_role = replica")
            changed = connection.execute(statement, values).rowcount
            assert changed > 0, "nothing was tampered with"

    def change(self, stream_id: UUID, version: int, assignment: str) -> None:
        self.run(
            f"UPDATE event SET {assignment} WHERE stream_id = %(stream_id)s AND version = %(version)s",
            stream_id=stream_id,
            version=version,
        )

    def remove(self, stream_id: UUID, version: int) -> None:
        self.run(
            "DELETE FROM event WHERE stream_id = %(stream_id)s AND version = %(version)s",
            stream_id=stream_id,
            version=version,
        )

    def swap(self, stream_id: UUID, one: int, other: int) -> None:
        moves: list[Callable[[], None]] = [
            lambda: self.change(stream_id, one, "version = 1000000"),
            lambda: self.change(stream_id, other, f"version = {one}"),
            lambda: self.change(stream_id, 1000000, f"version = {other}"),
        ]
        for move in moves:
            move()
