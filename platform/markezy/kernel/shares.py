"""Shares of the connection pool: no tenant holds so many connections that the others have none."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from markezy.kernel.errors import TooManyRequests


class Shares:
    """At most `most` at once for each tenant. Safe between threads."""

    def __init__(self, most: int, patience: float) -> None:
        """`patience`: seconds to wait for one of the tenant's own connections."""
        self._most = most
        self._patience = patience
        self._held: Counter[UUID] = Counter()
        self._changed = threading.Condition()

    @contextmanager
    def one_more(self, tenant_id: UUID) -> Iterator[None]:
        """Count one more for the block; TooManyRequests when the tenant's others are not done in time."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._held[tenant_id] < self._most, self._patience):
                raise TooManyRequests("Too much of your agency's work is under way; please try again in a moment.", 1)
            self._held[tenant_id] += 1
        try:
            yield
        finally:
            with self._changed:
                self._held[tenant_id] -= 1
                if not self._held[tenant_id]:
                    del self._held[tenant_id]
                self._changed.notify_all()
