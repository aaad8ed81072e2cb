import threading
from uuid import uuid4

import pytest
from markezy.kernel.errors import TooManyRequests
from markezy.kernel.shares import Shares


def test_a_tenant_has_its_share_and_no_more() -> None:
    shares, tenant_id = Shares(2, patience=0.01), uuid4()
    with shares.one_more(tenant_id), shares.one_more(tenant_id):
        with pytest.raises(TooManyRequests), shares.one_more(tenant_id):
            pass
        with shares.one_more(uuid4()):
            pass
    with shares.one_more(tenant_id):
        pass


def test_who_waits_gets_the_place_that_is_given_back() -> None:
    shares, tenant_id = Shares(1, patience=20), uuid4()
    asked, got = threading.Event(), threading.Event()

    def wait() -> None:
        asked.set()
        with shares.one_more(tenant_id):
            got.set()

    waiting = threading.Thread(target=wait)
    with shares.one_more(tenant_id):
        waiting.start()
        assert asked.wait(10)
        assert not got.is_set()
    assert got.wait(10)
    waiting.join(10)
