"""Two people at one flow at the same moment."""

import threading
from uuid import UUID

import pytest
from markezy.flows import api
from markezy.kernel.db import Database
from markezy.kernel.errors import Conflict

from tests.markezy.flows.conftest import greeting
from tests.markezy.flows.test_versions import Flow


def test_two_who_publish_at_once_are_numbered_in_turn(database: Database, tenant_id: UUID) -> None:
    with database.transaction(tenant_id) as connection:
        Flow(connection, tenant_id).publish("one")
    started = threading.Barrier(2)
    given: list[int] = []

    def publish(words: str) -> None:
        with database.transaction(tenant_id) as connection:
            started.wait(10)
            given.append(api.publish(connection, tenant_id, "shop", "Shop", greeting(words)).number)

    threads = [threading.Thread(target=publish, args=(words,)) for words in ("two", "three")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(given) == [2, 3]
    with database.transaction(tenant_id) as connection:
        flow = Flow(connection, tenant_id)
        assert [flow.current(), flow.rollback(), flow.rollback()] == [3, 2, 1]


@pytest.mark.parametrize("revision", [None, 1])
def test_of_two_who_save_at_once_one_is_told(database: Database, tenant_id: UUID, revision: int | None) -> None:
    if revision is not None:
        with database.transaction(tenant_id) as connection:
            Flow(connection, tenant_id).save("zero")
    started = threading.Barrier(2)
    told: list[str] = []

    def save(words: str) -> None:
        try:
            with database.transaction(tenant_id) as connection:
                started.wait(10)
                Flow(connection, tenant_id).save(words, revision)
            told.append("saved")
        except Conflict:
            told.append("refused")

    threads = [threading.Thread(target=save, args=(words,)) for words in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(told) == ["refused", "saved"]
