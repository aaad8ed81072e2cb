"""`make bench`: both assistants up at once, measured in turns, so that the machine's moods hit both alike."""

import sys

from rich.console import Console
from rich.table import Table

from bench.message_path import stock_rasa
from bench.message_path.clients import MakeLead, MarkezyLead, StockLead
from bench.message_path.measures import (
    CONCURRENT_LEADS,
    Measures,
    measure_concurrent_leads,
    measure_ten_questions,
    measure_two_hundred_turns,
)
from bench.message_path.tenant import add_bench_tenant
from devstack.configuration import ROOT, configure
from devstack.ports import choose_free
from devstack.stack import Stack

ROUNDS = 2
LONG_CONVERSATIONS = {"stock Rasa": 1, "Markezy": 6}
"""Per round. Stock Rasa takes a minute for one; ours are short, so more of them even the machine's moods out."""
TARGETS = {"rate": 4.0, "turn 10": 1 / 3, "flat": 1.25}


def main() -> None:
    console = Console(width=100)
    home = ROOT / ".markezy" / "bench"
    home.mkdir(parents=True, exist_ok=True)
    console.print("training stock Rasa (once)")
    model = stock_rasa.train(home / "models")
    console.print("starting Markezy and stock Rasa")
    ports = choose_free()
    with Stack(home / "home", ports.platform, ports.bot) as stack:
        chosen = {"MARKEZY_PORT": str(ports.platform), "MARKEZY_BOT_PORT": str(ports.bot)}
        owner_url = configure(chosen, stack.home).owner_url
        widget_key = add_bench_tenant(stack.demo["database_url"])
        with stock_rasa.running(model, owner_url, home) as stock_url:
            leads: dict[str, MakeLead] = {
                "stock Rasa": lambda: StockLead(stock_url),
                "Markezy": lambda: MarkezyLead(stack.demo["bot_url"], widget_key),
            }
            measures = {name: Measures() for name in leads}
            for name, make_lead in leads.items():
                measure_ten_questions(make_lead, Measures(), conversations=2)
                console.print(f"warmed up {name}")
            for number in range(1, ROUNDS + 1):
                for name, make_lead in leads.items():
                    measure_ten_questions(make_lead, measures[name], conversations=5)
                    measure_concurrent_leads(make_lead, measures[name], conversations=2)
                    measure_two_hundred_turns(make_lead, measures[name], LONG_CONVERSATIONS[name])
                console.print(f"round {number} of {ROUNDS}")
    console.print(_table(measures["stock Rasa"], measures["Markezy"]))
    sys.exit(0 if _verdict(console, measures["stock Rasa"], measures["Markezy"]) else 1)


def _table(stock: Measures, ours: Measures) -> Table:
    table = Table("", "stock Rasa", "Markezy", "ratio", title="A lead's message, from request to answer")
    rows = [
        ("median, ten questions, turn 10", stock.at_turn_10(), ours.at_turn_10()),
        ("p95, ten questions, all turns", stock.p95(), ours.p95()),
        ("median, 200-turn conversation, turns 10–19", stock.long(10, 19), ours.long(10, 19)),
        ("median, 200-turn conversation, turns 191–200", stock.long(191, 200), ours.long(191, 200)),
    ]
    for name, theirs, mine in rows:
        table.add_row(name, f"{theirs * 1000:.1f} ms", f"{mine * 1000:.1f} ms", f"{mine / theirs:.2f}")
    name = f"messages per second, {CONCURRENT_LEADS} leads at once"
    table.add_row(name, f"{stock.rate():.1f}", f"{ours.rate():.1f}", f"{ours.rate() / stock.rate():.2f}")
    return table


def _verdict(console: Console, stock: Measures, ours: Measures) -> bool:
    checks = [
        (
            f"messages per second at least {TARGETS['rate']:.0f} times stock's",
            ours.rate() / stock.rate() >= TARGETS["rate"],
        ),
        ("median at turn 10 at most a third of stock's", ours.at_turn_10() / stock.at_turn_10() <= TARGETS["turn 10"]),
        (
            f"median at turn 200 at most {TARGETS['flat']} times that at turn 10",
            ours.long(191, 200) / ours.long(10, 19) <= TARGETS["flat"],
        ),
    ]
    for what, holds in checks:
        console.print(f"{'reached' if holds else 'MISSED '}  {what}")
    return all(holds for _, holds in checks)


if __name__ == "__main__":
    main()
