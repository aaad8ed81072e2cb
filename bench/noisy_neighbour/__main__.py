"""One agency floods at fifty times its quota; what do another agency's leads notice?

Calm and flood follow each other several times in one run, so that the machine's moods hit both alike.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.message_path.tenant import add_bench_tenant
from bench.noisy_neighbour.visitors import Visitor
from devstack.configuration import ROOT
from devstack.stack import Stack

QUOTA = 120
"""Messages a minute of the noisy agency."""
TIMES = 50
ROUNDS = 4
SECONDS = 6.0
"""Of calm and of flood in each round: 24 s of flood in all."""
LEADS = 20
PAUSE = 0.08
"""Seconds between two messages of the quiet agency's leads together; each of them stays within a person's limits."""
TARGET = 1.25


def main() -> None:
    console = Console(width=100)
    home = ROOT / ".markezy" / "bench" / "noisy"
    home.mkdir(parents=True, exist_ok=True)
    console.print("starting Markezy")
    environment = {"MARKEZY_LIMITS_SCALE": "1", "MARKEZY_TRUSTED_PROXIES": "127.0.0.1"}
    with Stack(home, environment=environment) as stack:
        database_url, url = stack.demo["database_url"], stack.demo["bot_url"]
        quiet = add_bench_tenant(database_url)
        noisy = add_bench_tenant(database_url, "trial", messages_per_minute=QUOTA)
        leads = [Visitor(url, quiet) for _ in range(LEADS)]
        for lead in leads:
            _require(lead.arrive(), 201)
        _measure(leads, SECONDS)  # warms up
        calm: list[float] = []
        flooded: list[float] = []
        with _flood(url, noisy) as flood:
            for number in range(1, ROUNDS + 1):
                calm += _measure(leads, SECONDS)
                _tell(flood, "on")
                flooded += _measure(leads, SECONDS)
                statuses = _tell(flood, "off")
                console.print(f"round {number} of {ROUNDS}")
    sys.exit(0 if _report(console, calm, flooded, statuses) else 1)


@contextmanager
def _flood(url: str, widget_key: str) -> Iterator["subprocess.Popen[str]"]:
    rate, most_seconds = str(QUOTA * TIMES / 60), str(2 * ROUNDS * (SECONDS + 1))
    command = [sys.executable, "-m", "bench.noisy_neighbour.flood", url, widget_key, rate, most_seconds]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            _answer(process)
            yield process
        finally:
            process.kill()


def _tell(flood: "subprocess.Popen[str]", word: str) -> dict[str, int]:
    assert flood.stdin is not None
    print(word, file=flood.stdin, flush=True)
    return _answer(flood)


def _answer(flood: "subprocess.Popen[str]") -> dict[str, int]:
    assert flood.stdout is not None
    line = flood.stdout.readline()
    if not line:
        raise RuntimeError("the flood ended by itself")
    counts: dict[str, Any] = json.loads(line)
    return counts


def _measure(leads: list[Visitor], seconds: float) -> list[float]:
    """How long each of the quiet agency's messages took, one after the other."""
    taken = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for lead in leads:
            started = time.perf_counter()
            _require(lead.say("boats and bicycles"), 200)
            taken.append(time.perf_counter() - started)
            time.sleep(PAUSE)
    return taken


def _require(status: int, wanted: int) -> None:
    if status != wanted:
        raise RuntimeError(f"the quiet agency was answered {status}")


def _report(console: Console, calm: list[float], flooded: list[float], statuses: dict[str, int]) -> bool:
    table = Table("", "calm", "flood", "ratio", title="The quiet agency's messages, from request to answer")
    ratio = statistics.median(flooded) / statistics.median(calm)
    for name, before, during in (
        ("median", statistics.median(calm), statistics.median(flooded)),
        ("p95", statistics.quantiles(calm, n=20)[-1], statistics.quantiles(flooded, n=20)[-1]),
    ):
        table.add_row(name, f"{before * 1000:.1f} ms", f"{during * 1000:.1f} ms", f"{during / before:.2f}")
    table.add_row("messages", str(len(calm)), str(len(flooded)), "")
    console.print(table)
    sent = sum(statuses.values())
    console.print(f"the noisy agency sent {sent} requests at {TIMES} times its quota; answers by status: {statuses}")
    console.print(
        f"{'reached' if ratio <= TARGET else 'MISSED '}  median at most {TARGET} times as long during the flood"
    )
    return ratio <= TARGET


if __name__ == "__main__":
    main()
