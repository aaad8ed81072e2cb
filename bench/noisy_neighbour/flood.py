"""`python -m bench.noisy_neighbour.flood <url> <widget key> <per second> <most seconds>`: floods while its standard input says so.

A process of its own, so that what it costs the machine is not what its neighbour is measured with. Each line on standard
input, `on` or `off`, is answered with a line of counts so far.
"""

import json
import sys
import threading
import time
from collections import Counter

from bench.noisy_neighbour.visitors import Visitor

THREADS = 20
_OPENINGS = 10
"""Every tenth request opens a conversation; the others are messages."""


class Flood:
    """Visitors of one agency who all talk at once, at a steady rate together."""

    def __init__(self, url: str, widget_key: str, rate: float, most_seconds: float) -> None:
        self._url = url
        self._key = widget_key
        self._pause = THREADS / rate
        self._most_seconds = most_seconds
        self._on = threading.Event()
        self._ended = threading.Event()
        self.statuses: Counter[int] = Counter()

    def start(self) -> None:
        """Bring everybody in, silent; it all ends after the seconds agreed, whoever forgets it."""
        for _ in range(THREADS):
            visitor = Visitor(self._url, self._key)
            if visitor.arrive() != 201:
                raise RuntimeError("the flood's visitors were not let in")
            threading.Thread(target=self._talk, args=(visitor,), daemon=True).start()

        watch = threading.Timer(self._most_seconds, self._ended.set)
        watch.daemon = True
        watch.start()

    def switch(self, on: bool) -> None:
        """Let them talk, or not."""
        if on:
            self._on.set()
        else:
            self._on.clear()

    def _talk(self, visitor: Visitor) -> None:
        number = 0
        while self._on.wait() and not self._ended.is_set():
            number += 1
            due = time.monotonic() + self._pause
            if number % _OPENINGS:
                self.statuses[visitor.say("a shop for bicycles")] += 1
            else:
                self.statuses[Visitor(self._url, self._key).arrive()] += 1
            time.sleep(max(0.0, due - time.monotonic()))


def main() -> None:
    url, key, rate, most_seconds = sys.argv[1:]
    flood = Flood(url, key, float(rate), float(most_seconds))
    flood.start()
    print("{}", flush=True)
    for line in sys.stdin:
        flood.switch(line.strip() == "on")
        print(json.dumps(flood.statuses), flush=True)


if __name__ == "__main__":
    main()
