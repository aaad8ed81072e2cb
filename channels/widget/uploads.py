"""How many files are on their way at once: each is held in memory until it has arrived."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from channels.problem import TooMany

MAX_UPLOADS = 3
"""Of one conversation in one process; the widget sends one file after the other."""


class Uploads:
    """The uploads under way in this process."""

    def __init__(self) -> None:
        self._under_way: Counter[str] = Counter()

    @contextmanager
    def one_more(self, conversation_id: str) -> Iterator[None]:
        """Count one more for the block; TooMany when the conversation has enough of them."""
        if self._under_way[conversation_id] >= MAX_UPLOADS:
            raise TooMany(
                "Too many files are on their way at once. Send them one after the other, please.", retry_after=5
            )
        self._under_way[conversation_id] += 1
        try:
            yield
        finally:
            self._under_way[conversation_id] -= 1
            if not self._under_way[conversation_id]:
                del self._under_way[conversation_id]
